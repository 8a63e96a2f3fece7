import { PrismaPg } from '@prisma/adapter-pg'
import { EnvError } from '@towline/service/env'
import pg from 'pg'
import { isDatabaseUrl, NO_DATABASE_URL } from './database-url.ts'
import { PrismaClient } from './generated/client.ts'
import { typeParsers } from './type-parsers.ts'

export type DbOptions = {
  /** Of the owner of the tables, or of a member of both roles. */
  url: string
  /** Seen in pg_stat_activity. */
  applicationName: string
  /** For each of the two pools; connections are opened when needed. */
  maxConnections?: number
}

export type Db = {
  url: string
  applicationName: string
  /** Role towline_engine: crosses tenants. Loops, the agents' door, sign-in. */
  enginePool: pg.Pool
  /** Role towline_api: sees the workspace that its transaction set, and nothing without one. */
  apiPool: pg.Pool
  /** On apiPool; use it through tenantPrisma. */
  prisma: PrismaClient
  /** On enginePool; use it through globalPrisma. */
  enginePrisma: PrismaClient
  close(): Promise<void>
}

type Role = 'towline_api' | 'towline_engine'

const settings: Record<Role, Record<string, string>> = {
  towline_api: { statement_timeout: '15s', lock_timeout: '10s' },
  // What takes an array of ids looks cheaper to PostgreSQL with the values in it, so it would plan such statements anew at every call: a third
  // of the time between a freed slot and its next holder (measured: 18.0 ms against 12.6).
  // A table that was analysed while it was empty makes a prepared claim keep a sequential scan for as long as its session lives
  // (measured: 114 ms against 0.6). Every statement of the engine has an index to go by, so the plan is pinned.
  towline_engine: { statement_timeout: '30s', lock_timeout: '10s', enable_seqscan: 'off', plan_cache_mode: 'force_generic_plan' },
}
// One forgotten transaction holds back vacuum for all tenants and makes claims 15 to 20 times slower.
const common = { idle_in_transaction_session_timeout: '10s', jit: 'off', timezone: 'UTC' }

/**
 * The role must be in force from a connection's first statement. `options` of the address would silently replace ours (pg lets the
 * address win), and with it the tenant fence, so the two are joined here.
 */
const withOptions = (url: string, role: Role): string => {
  const address = new URL(url)
  const ours = Object.entries({ role, ...settings[role], ...common }).map(([name, value]) => `-c ${name}=${value}`)
  address.searchParams.set('options', [address.searchParams.get('options') ?? '', ...ours].join(' ').trim())
  address.searchParams.delete('schema')
  return address.toString()
}

const openPool = ({ url, applicationName, maxConnections = 10 }: DbOptions, role: Role): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: withOptions(url, role),
    application_name: applicationName,
    max: maxConnections,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: typeParsers,
    // The engine sends what belongs together in one round trip: a claim takes half the time.
    pipeline: role === 'towline_engine',
  })
  // A PostgreSQL that dies emits 'error' on idle connections (through the pool) and on those in use (on the client itself).
  // Unheard, either would end the process. Queries under way reject by themselves, and the next connect is a new connection.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Opens no connection yet: a database that is away fails the first query, not the start. */
export const openDb = (options: DbOptions): Db => {
  // Otherwise the first to see it is the parser of addresses, whose error carries it, password and all, into the log.
  if (!isDatabaseUrl(options.url)) throw new EnvError(`The address of the database: ${NO_DATABASE_URL}`)
  const enginePool = openPool(options, 'towline_engine')
  const apiPool = openPool(options, 'towline_api')
  const clients = new Map<pg.Pool, PrismaClient>()
  // The client's query compiler is made on first use: gateways and schedulers never need it.
  const clientOf = (pool: pg.Pool): PrismaClient => {
    const client = clients.get(pool) ?? new PrismaClient({ adapter: new PrismaPg(pool) })
    clients.set(pool, client)
    return client
  }
  let closing: Promise<void> | undefined
  return {
    url: options.url,
    applicationName: options.applicationName,
    enginePool,
    apiPool,
    get prisma() {
      return clientOf(apiPool)
    },
    get enginePrisma() {
      return clientOf(enginePool)
    },
    close: () => {
      closing ??= (async () => {
        await Promise.all([...clients.values()].map((client) => client.$disconnect()))
        await Promise.all([enginePool.end(), apiPool.end()])
      })()
      return closing
    },
  }
}
