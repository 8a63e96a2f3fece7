import { STATE_NAMES } from '@towline/contract/state-names'
import type { Command } from 'commander'
import { connect } from '../client.ts'
import { limitName } from '../limits/limit-name.ts'

const NAMES_WITHIN_MS = 1500

/** Commands whose first argument is the name of something in the workspace. */
type Named = 'deployments' | 'pools' | 'queues' | 'limits' | 'runs'
const NAMED: Record<string, Named> = {
  run: 'deployments',
  open: 'deployments',
  'deployments inspect': 'deployments',
  'deployments pause': 'deployments',
  'deployments resume': 'deployments',
  'deployments rm': 'deployments',
  'pools inspect': 'pools',
  'pools pause': 'pools',
  'pools resume': 'pools',
  'pools rm': 'pools',
  'queues pause': 'queues',
  'queues resume': 'queues',
  'queues set': 'queues',
  'queues rm': 'queues',
  'runs inspect': 'runs',
  'runs why': 'runs',
  'runs logs': 'runs',
  'runs watch': 'runs',
  'runs cancel': 'runs',
  'runs retry': 'runs',
  'limits set': 'limits',
  'limits rm': 'limits',
  'limits holders': 'limits',
  'limits release': 'limits',
  'limits history': 'limits',
  'limits rehearse': 'limits',
}

const OF_FLAG: Record<string, Named> = { '--pool': 'pools', '--deployment': 'deployments', '-d': 'deployments' }

/** Words that a flag or a first argument is one of. */
const WORDS: Record<string, readonly string[]> = {
  '-o': ['table', 'json'],
  '--output': ['table', 'json'],
  '--state': ['active', 'waiting', 'finished', 'problem', ...Object.keys(STATE_NAMES)],
  '--type': ['process', 'docker', 'kubernetes'],
  '--collision': ['enqueue', 'cancel-new', 'replace-oldest'],
  completion: ['bash', 'zsh', 'fish'],
}
const RECENT_RUNS = 20

const namesOf = async (kind: Named, words: string[]): Promise<string[]> => {
  const { api } = connect()
  const options = { signal: AbortSignal.timeout(NAMES_WITHIN_MS) }
  if (kind === 'limits') return (await api.limits.list.query({}, options)).map(limitName)
  if (kind === 'queues') {
    const pool = words[words.indexOf('--pool') + 1]
    if (!pool || !words.includes('--pool')) return []
    return (await api.pools.get.query({ name: pool }, options)).queues.map(({ name }) => name)
  }
  if (kind === 'runs') return (await api.runs.list.query({ filter: {}, limit: RECENT_RUNS }, options)).items.map(({ name }) => name)
  const found = kind === 'pools' ? await api.pools.list.query(undefined, options) : await api.deployments.list.query(undefined, options)
  return found.map(({ name }) => name)
}

/** What may stand where the cursor is. Trouble of any kind completes nothing: a shell is no place for errors. */
export const complete = async (program: Command, words: string[]): Promise<string[]> => {
  const typed = words.at(-1) ?? ''
  let command = program
  const path: string[] = []
  for (const word of words.slice(0, -1)) {
    const next = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word))
    if (!next) continue
    command = next
    path.push(next.name())
  }
  let candidates: readonly string[]
  const before = words.at(-2) ?? ''
  if (WORDS[before] && (before.startsWith('-') || path.length === 1)) candidates = WORDS[before]
  else if (typed.startsWith('-')) candidates = [...command.options, ...program.options].map((option) => option.long ?? option.short ?? '')
  else if (command.commands.length > 0)
    candidates = command.commands.map((candidate) => candidate.name()).filter((name) => !name.startsWith('__'))
  else {
    const kind = OF_FLAG[before] ?? NAMED[path.join(' ')]
    candidates = kind ? await namesOf(kind, words).catch(() => []) : []
  }
  return candidates.filter((candidate) => candidate.startsWith(typed))
}
