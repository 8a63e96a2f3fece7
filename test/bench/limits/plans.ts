import { openDb } from '@towline/db/open-db'
import type { EngineContext } from '@towline/engine/context'
import { asOwner, type ControlPlane } from '../control-plane.ts'

/** What a statement read, and where it had to look at a whole table. */
export type Plan = { statement: string; buffers: number; ms: number; rows: number; scans: string[]; text: string }

type Node = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  'Actual Rows'?: number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}
type Explained = { 'Query Text': string; Plan: Node; Duration?: number }

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
}

/**
 * The plans of the statements that `work` really sends, as PostgreSQL executed them: with their parameters, in their order, on a connection that
 * has prepared them before.
 */
export const plansOf = async (
  plane: ControlPlane,
  { prepare, work }: { prepare: (engine: EngineContext) => Promise<unknown>; work: (engine: EngineContext) => Promise<unknown> },
): Promise<Plan[]> => {
  const set = (how: (name: string, value: string) => string): Promise<void> =>
    asOwner(plane.databaseUrl, async (client) => {
      const name = (await client.query<{ name: string }>('select quote_ident(current_database()) as name')).rows[0]?.name ?? ''
      for (const [setting, value] of Object.entries(SETTINGS)) await client.query(`alter database ${name} ${how(setting, value)}`)
    })
  await set((name, value) => `set ${name} = '${value}'`)
  const db = openDb({ url: plane.databaseUrl, applicationName: 'towline-bench-plans', maxConnections: 1 })
  const messages: string[] = []
  let heard = false
  db.enginePool.on('connect', (client) => {
    client.on('notice', (notice) => {
      if (heard) messages.push(notice.message ?? '')
    })
  })
  const engine: EngineContext = { ...plane.engine, db }
  try {
    await prepare(engine)
    await db.enginePool.query('set client_min_messages = log')
    heard = true
    await work(engine)
    return messages.flatMap(planOf)
  } finally {
    await db.close()
    await set((name) => `reset ${name}`)
  }
}

const planOf = (message: string): Plan[] => {
  const start = message.indexOf('{')
  if (start < 0) return []
  const explained = JSON.parse(message.slice(start)) as Explained
  const statement = /^\/\* (\S+) \*\//.exec(explained['Query Text'])?.[1]
  if (statement === undefined) return []
  const { Plan: top } = explained
  const ms = Number(/duration: ([\d.]+) ms/.exec(message)?.[1] ?? Number.NaN)
  const buffers = (top['Shared Hit Blocks'] ?? 0) + (top['Shared Read Blocks'] ?? 0)
  return [{ statement, buffers, ms, rows: top['Actual Rows'] ?? 0, scans: scansOf(top), text: JSON.stringify(top, null, 1) }]
}

/** `run by run_ready (50 rows)`; rows that were read for nothing are named, as they are what grows. */
const scansOf = (node: Node): string[] => {
  const relation = node['Relation Name']
  const index = node['Index Name']
  const dropped = node['Rows Removed by Filter'] ?? 0
  const what =
    relation === undefined && index === undefined ? [] : [`${relation ?? ''} ${index === undefined ? node['Node Type'] : `by ${index}`}`]
  return [...what.map((scan) => (dropped > 0 ? `${scan}, ${dropped} rows for nothing` : scan)), ...(node.Plans ?? []).flatMap(scansOf)]
}
