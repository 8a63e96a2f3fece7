import { Command, Help, Option } from 'commander'
import { addAuditCommands } from './audit-commands.ts'
import { CliError, EXIT } from './cli-error.ts'
import { lazily } from './command.ts'
import { addExamples } from './help-examples.ts'
import { addLimitCommands } from './limit-commands.ts'
import { addQueueCommands } from './queue-commands.ts'

const collect = (value: string, before: string[]): string[] => [...before, value]

const addProjectCommands = (program: Command): void => {
  program
    .command('init [directory]')
    .summary('make a project with a first flow')
    .option('-y, --yes', 'ask nothing')
    .option('--pool <name>', 'work pool of its deployments')
    .option('--no-install', 'do not run npm install')
    .action(lazily(() => import('./commands/init.ts')))
  program
    .command('deploy [names...]')
    .summary('register the deployments of towline.yaml')
    .description('Reads towline.yaml, bundles the flows, derives their parameter schemas and registers all deployments, or the named ones.')
    .option('-f, --file <path>', 'another file than the towline.yaml here or above')
    .option('--dry-run', 'show what would change')
    .option('--build', 'build (and push) the images that say how')
    .action(lazily(() => import('./commands/deploy.ts')))
  program
    .command('run <target>')
    .summary('start a run of a deployment, or a flow file here with --local')
    .option('-p, --param <key=value>', 'a parameter; JSON where the schema says so, @file for the content of a file', collect, [])
    .option('--params-file <path>', 'a JSON file with parameters (- for stdin)')
    .option('--at <time>', 'not before: "in 10m", 22:15 or 2030-01-31T08:00:00Z')
    .option('-w, --watch', 'follow it to its end; the exit code is the outcome')
    .option('--tag <tag>', 'a tag for this run', collect, [])
    .option('--env <NAME=value>', 'an environment variable for this run', collect, [])
    .option('--name <name>', 'a name for this run')
    .option('--priority <number>', 'larger goes first within the queue')
    .option('--idempotency-key <key>', 'the same key gives the same run')
    .option('--local', 'run a flow file here, without a control plane')
    .addHelpText(
      'after',
      '\nExamples:\n  towline run etl -p days=7 -p regions=eu,us --watch\n  towline run etl --at "in 10m" --tag backfill\n  towline run ./flows/etl.ts --local -p days=1',
    )
    .action(lazily(() => import('./commands/run.ts')))
}

const addRunCommands = (program: Command): void => {
  const runs = program
    .command('runs')
    .summary('list, inspect, follow, cancel and retry runs')
    .description('A run is named by its id, its name, or the end of its id.')
  runs
    .command('ls')
    .alias('list')
    .summary('newest first')
    .option('-s, --state <state>', 'a state, or active, waiting, finished, problem', (value: string, before: string[] | undefined) => [
      ...(before ?? []),
      ...value.split(','),
    ])
    .option('-d, --deployment <name>')
    .option('--pool <name>')
    .option('--tag <tag>')
    .option('--search <text>')
    .option('-n, --limit <number>', 'how many', '25')
    .option('--cursor <cursor>', 'where the page before ended')
    .action(lazily(() => import('./commands/runs-ls.ts')))
  runs
    .command('inspect <run>')
    .summary('states, tasks, attempts and why it waits')
    .action(lazily(() => import('./commands/runs-inspect.ts')))
  runs
    .command('why <run>')
    .summary('every gate between it and an agent, and which one holds it')
    .addHelpText('after', '\nExamples:\n  towline runs why amber-otter\n  towline runs why 8f3a91c2 -o json')
    .action(lazily(() => import('./commands/runs-why.ts')))
  runs
    .command('logs <run>')
    .summary('its log lines')
    .option('-f, --follow', 'go on until the run ends')
    .action(lazily(() => import('./commands/runs-logs.ts')))
  runs
    .command('watch <run>')
    .summary('follow it to its end')
    .action(lazily(() => import('./commands/runs-watch.ts')))
  runs
    .command('cancel <runs...>')
    .summary('cancel runs')
    .action(lazily(() => import('./commands/runs-cancel.ts')))
  runs
    .command('retry <run>')
    .summary('run it again')
    .option('--from-failed', 'take over the results of tasks that finished, run only the rest')
    .option('-w, --watch', 'follow it to its end')
    .action(lazily(() => import('./commands/runs-retry.ts')))
}

const addWorkspaceCommands = (program: Command): void => {
  const deployments = program.command('deployments').summary('what can run')
  deployments
    .command('ls')
    .alias('list')
    .summary('all of them')
    .action(lazily(() => import('./commands/deployments-ls.ts')))
  deployments
    .command('inspect <name>')
    .summary('parameters, code and versions')
    .action(lazily(() => import('./commands/deployments-inspect.ts')))
  deployments
    .command('pause <name>')
    .summary('let its runs wait')
    .action(lazily(async () => (await import('./commands/deployments-pause.ts')).pause))
  deployments
    .command('resume <name>')
    .summary('let them go on')
    .action(lazily(async () => (await import('./commands/deployments-pause.ts')).resume))
  deployments
    .command('rm <name>')
    .summary('delete it')
    .option('-y, --yes', 'do not ask')
    .action(lazily(() => import('./commands/deployments-rm.ts')))

  const pools = program.command('pools').summary('work pools')
  pools
    .command('ls')
    .alias('list')
    .summary('all of them')
    .action(lazily(() => import('./commands/pools-ls.ts')))
  pools
    .command('create <name>')
    .summary('make one')
    .requiredOption('-t, --type <type>', 'process, docker or kubernetes')
    .option('--description <text>')
    .option('--variables <json>', 'defaults of its job template')
    .action(lazily(() => import('./commands/pools-create.ts')))
  pools
    .command('inspect <name>')
    .summary('queues, agents and load')
    .action(lazily(() => import('./commands/pools-inspect.ts')))
  pools
    .command('pause <name>')
    .summary('start no new runs')
    .action(lazily(async () => (await import('./commands/pools-pause.ts')).pause))
  pools
    .command('resume <name>')
    .summary('start runs again')
    .action(lazily(async () => (await import('./commands/pools-pause.ts')).resume))
  pools
    .command('rm <name>')
    .summary('delete it')
    .option('-y, --yes', 'do not ask')
    .action(lazily(() => import('./commands/pools-rm.ts')))

  const agents = program.command('agents').summary('agents of all pools')
  agents
    .command('ls')
    .alias('list')
    .summary('all of them')
    .option('--pool <name>')
    .action(lazily(() => import('./commands/agents-ls.ts')))
  const agent = program.command('agent').summary('run an agent here')
  agent
    .command('start')
    .summary('serve a work pool from this machine')
    .option('--pool <name>', 'make a key for this pool and keep it')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      '\nPassed on to the agent:\n  --url, --key, --key-file, --name, --capacity, --data-dir, --health-port, --run-api-url',
    )
    .action(lazily(() => import('./commands/agent-start.ts')))

  const keys = program.command('keys').summary('keys of people and agents')
  keys
    .command('ls')
    .alias('list')
    .summary('all of them')
    .action(lazily(async () => (await import('./commands/keys.ts')).ls))
  keys
    .command('create <name>')
    .summary('make one; it is shown once')
    .option('--kind <kind>', 'user or agent', 'user')
    .option('--pool <name>', 'work pool of an agent key')
    .option('--expires-in-days <days>')
    .action(lazily(async () => (await import('./commands/keys.ts')).create))
  keys
    .command('revoke <key>')
    .summary('end one, by id or name')
    .action(lazily(async () => (await import('./commands/keys.ts')).revoke))
}

const addAccountCommands = (program: Command): void => {
  program
    .command('login')
    .summary('sign in with the browser, or with --key')
    .option('--url <url>', 'address of the control plane')
    .option('--key <key>', 'a key instead of the browser (- reads it from stdin)')
    .option('--no-browser', 'only print the address')
    .action(lazily(() => import('./commands/login.ts')))
  program
    .command('logout')
    .summary('forget the key')
    .action(lazily(() => import('./commands/logout.ts')))
  program
    .command('whoami')
    .summary('who and where you are')
    .action(lazily(() => import('./commands/whoami.ts')))
  program
    .command('doctor')
    .summary('check the workspace; exit code 1 when something is wrong')
    .option('--limits', 'only the ledger: every held slot against every live holder')
    .addHelpText('after', '\nExamples:\n  towline doctor\n  towline doctor --limits -o json')
    .action(lazily(() => import('./commands/doctor.ts')))
  program
    .command('open [name]')
    .summary('open the dashboard, a deployment or a run')
    .action(lazily(() => import('./commands/open.ts')))
  program
    .command('schema')
    .summary('JSON Schema of towline.yaml')
    .action(lazily(() => import('./commands/schema.ts')))
  program
    .command('completion <shell>')
    .summary('completion for bash, zsh or fish')
    .action(lazily(() => import('./commands/completion.ts')))
}

/** The whole command, with nothing of the single commands loaded. */
export const createProgram = (version: string): Command => {
  const program: Command = new Command('towline')
    .description('Flows on your own machines.')
    .version(version, '-V, --version')
    .addOption(new Option('-o, --output <format>', 'table or json').choices(['table', 'json']).default('table'))
    .helpCommand('help [command]')
    .configureHelp({
      sortSubcommands: false,
      showGlobalOptions: true,
      visibleGlobalOptions: (command) => (command.parent ? program.options.filter(({ long }) => long === '--output') : []),
      optionDescription: (option) =>
        Array.isArray(option.defaultValue) ? option.description : Help.prototype.optionDescription.call(new Help(), option),
    })
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      // main.ts writes it, in two lines like every other error.
      outputError: () => undefined,
    })
  addProjectCommands(program)
  addRunCommands(program)
  addWorkspaceCommands(program)
  addQueueCommands(program)
  addLimitCommands(program)
  addAuditCommands(program)
  addAccountCommands(program)
  addExamples(program)
  return program
}

/** The command that was meant, as far as the words name one: whose help to read. */
const commandPath = (program: Command, typed: string[]): string[] => {
  const path: string[] = []
  let at: Command | undefined = program
  for (const word of typed.filter((one) => !one.startsWith('-'))) {
    at = at.commands.find((command) => command.name() === word || command.aliases().includes(word))
    if (!at) break
    path.push(word)
  }
  return path
}

/** Commander's words in our two lines. */
export const usageError = (message: string, typed: string[], program: Command): CliError => {
  const [what = '', suggestion] = message
    .replace(/^error: /, '')
    .split('\n')
    .filter(Boolean)
  const meant = /Did you mean (.+)\?/
    .exec(suggestion ?? '')?.[1]
    ?.replace(/^one of /, '')
    .split(', ')[0]
  const noun = typed.find((word) => !word.startsWith('-'))
  const isOption = meant?.startsWith('-') ?? false
  const path = typed.slice(
    0,
    typed.findIndex((word) => what.includes(`'${word}'`)),
  )
  const remedy = meant
    ? `towline ${isOption ? '' : [...path, ''].join(' ')}${isOption ? `${noun ?? ''} ${meant}` : meant}`
    : ['towline', ...commandPath(program, typed), '--help'].join(' ')
  return new CliError(what, { exit: EXIT.usage, remedy })
}
