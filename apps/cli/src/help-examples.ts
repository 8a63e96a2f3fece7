import type { Command } from 'commander'

/** What people type, by command. Commands whose help says more have theirs where they are made. */
const EXAMPLES: Record<string, string[]> = {
  init: ['towline init my-flows', 'towline init . --pool eu --yes'],
  deploy: ['towline deploy', 'towline deploy etl report', 'towline deploy --dry-run', 'towline deploy --build'],
  runs: ['towline runs ls --state failed', 'towline runs why amber-otter', 'towline runs logs amber-otter --follow'],
  'runs ls': [
    'towline runs ls --state active,waiting',
    'towline runs ls -d etl --tag backfill -n 100',
    "towline runs ls --state failed -o json | jq -r '.items[].id'",
  ],
  'runs inspect': ['towline runs inspect amber-otter', 'towline runs inspect 8f3a91c2 -o json'],
  'runs logs': [
    'towline runs logs amber-otter',
    'towline runs logs amber-otter --follow',
    'towline runs logs amber-otter -o json > lines.ndjson',
  ],
  'runs watch': ['towline runs watch amber-otter'],
  'runs cancel': ['towline runs cancel amber-otter', 'towline runs cancel 8f3a91c2 77d0e4aa'],
  'runs retry': ['towline runs retry amber-otter', 'towline runs retry amber-otter --from-failed --watch'],
  deployments: ['towline deployments ls', 'towline deployments inspect etl', 'towline deployments pause etl'],
  'deployments ls': ['towline deployments ls', "towline deployments ls -o json | jq -r '.[].name'"],
  'deployments inspect': ['towline deployments inspect etl'],
  'deployments pause': ['towline deployments pause etl'],
  'deployments resume': ['towline deployments resume etl'],
  'deployments rm': ['towline deployments rm old-etl', 'towline deployments rm old-etl --yes'],
  pools: ['towline pools create eu --type docker', 'towline pools inspect eu', 'towline pools pause eu'],
  'pools ls': ['towline pools ls', 'towline pools ls -o json'],
  'pools create': [
    'towline pools create eu --type docker --description "Containers in Frankfurt"',
    'towline pools create eu --type docker --variables \'{"image":"node:22","memoryMb":512}\'',
  ],
  'pools inspect': ['towline pools inspect eu'],
  'pools pause': ['towline pools pause eu'],
  'pools resume': ['towline pools resume eu'],
  'pools rm': ['towline pools rm eu', 'towline pools rm eu --yes'],
  agents: ['towline agents ls', 'towline agents ls --pool eu'],
  'agents ls': ['towline agents ls --pool eu', 'towline agents ls -o json'],
  agent: ['towline agent start --pool eu'],
  'agent start': ['towline agent start --pool eu', 'towline agent start --pool eu --capacity 8 --name build-1'],
  keys: ['towline keys create ci', 'towline keys create rack-7 --kind agent --pool eu', 'towline keys revoke ci'],
  'keys ls': ['towline keys ls'],
  'keys create': ['towline keys create ci --expires-in-days 90', 'towline keys create rack-7 --kind agent --pool eu'],
  'keys revoke': ['towline keys revoke ci'],
  'queues ls': ['towline queues ls --pool eu'],
  'queues create': ['towline queues create urgent --pool eu --priority 1', 'towline queues create night --pool eu --priority 500 --paused'],
  'queues pause': ['towline queues pause night --pool eu'],
  'queues resume': ['towline queues resume night --pool eu'],
  'queues set': ['towline queues set night --pool eu --priority 500'],
  'queues rm': ['towline queues rm night --pool eu'],
  'limits ls': ['towline limits ls', 'towline limits ls --kind tag -o json'],
  'limits rm': ['towline limits rm api', 'towline limits rm deployment:etl --yes'],
  'limits history': ['towline limits history api --hours 6'],
  audit: ['towline audit ls --action limit --subject tag:api'],
  login: ['towline login', 'towline login --url https://towline.example.com', 'towline login --key - < key.txt'],
  logout: ['towline logout'],
  whoami: ['towline whoami', "towline whoami -o json | jq -r '.workspace.slug'"],
  open: ['towline open', 'towline open etl', 'towline open amber-otter'],
  schema: ['towline schema > towline.schema.json'],
  completion: [
    "echo 'source <(towline completion bash)' >> ~/.bashrc",
    'towline completion zsh > ~/.zfunc/_towline',
    'towline completion fish > ~/.config/fish/completions/towline.fish',
  ],
}

const sentence = (summary: string): string => (summary === '' ? '' : `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)

/** Gives every command what its own help lacks: a sentence, and examples to copy. */
export const addExamples = (command: Command, path: readonly string[] = []): void => {
  for (const one of command.commands) {
    const here = [...path, one.name()]
    if (one.description() === '') one.description(sentence(one.summary()))
    const examples = EXAMPLES[here.join(' ')]
    if (examples) one.addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n  ${examples.join('\n  ')}`)
    addExamples(one, here)
  }
}
