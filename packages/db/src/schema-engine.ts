import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'
import pg from 'pg'
import { SchemaEngineAdapterFactory } from './schema-engine-adapter.ts'

/** The one function of WebAssembly that is used; Node's types leave it to those of browsers. */
const { WebAssembly: webAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(code: Uint8Array, imports: Record<string, object>): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>
  }
}

let loaded: Promise<typeof SchemaEngine> | undefined

/**
 * Prisma's schema engine as WebAssembly: the native one is a download that a machine without the open internet cannot
 * make. Loaded on first use, as it is 5 MB that only a migration needs. The file lies beside its package's code, which is why
 * bundles keep this package external.
 */
const load = async (): Promise<typeof SchemaEngine> => {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const code = await readFile(join(folder, 'schema_engine_bg.wasm'))
  // The engine never clears the 10 s timer of its own advisory lock, which would keep a finished process alive for that long.
  const timers = Object.keys(bindings).filter((name) => name.startsWith('__wbg_setTimeout_'))
  const imports = {
    ...bindings,
    ...Object.fromEntries(timers.map((name) => [name, (fn: () => void, ms: number) => setTimeout(fn, ms).unref()])),
  }
  const { instance } = await webAssembly.instantiate(code, { './schema_engine_bg.js': imports })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return bindings.SchemaEngine
}

/** Runs `use` with an engine bound to the database; frees both after it. */
export const withSchemaEngine = async <T>(
  config: pg.PoolConfig,
  schema: string | undefined,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> => {
  loaded ??= load()
  const Engine = await loaded
  // Where the engine leaves the text of a panic before it stops dead.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => process.stderr.write(`${text}\n`) } })
  const ignore = (): void => {}
  // A pool of our own, as the engine never ends its pool: the advisory lock that it takes would live on for 10 s of idling.
  const pool = new pg.Pool({ max: 2, ...config }).on('error', ignore)
  const factory = bindMigrationAwareSqlAdapterFactory(
    new SchemaEngineAdapterFactory(pool, { onPoolError: ignore, onConnectionError: ignore }),
  )
  const datamodels: [string, string][] | undefined = schema === undefined ? undefined : [['schema.prisma', schema]]
  try {
    const engine = await Engine.new({ datamodels }, ignore, factory)
    try {
      return await use(engine)
    } finally {
      engine.free()
    }
  } finally {
    await pool.end()
  }
}
