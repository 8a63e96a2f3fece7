import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type pg from 'pg'

/** PostgreSQL's internal one-byte type "char", of the catalogues' kind columns; and what the adapter takes for text. */
const charType = 18
const textType = 25

/**
 * Prisma's adapter for PostgreSQL with two repairs, both needed by the schema engine only:
 * - A script is sent as one simple query. The adapter would cut it at every semicolon, also inside function bodies, and send the pieces over
 *   a pool. Whole, it is parsed by PostgreSQL and is one transaction: a migration applies wholly or not at all.
 * - Columns of the type "char", for which the adapter has no name, arrive as characters. The engine reads the catalogues one query at a
 *   time, so the columns of the last result are the ones to mark.
 */
export class SchemaEngineAdapterFactory extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect()
    const pool = adapter.underlyingDriver()
    adapter.executeScript = async (script) => {
      await pool.query(script).catch((error: unknown) => (adapter as unknown as { onError(error: unknown): never }).onError(error))
    }

    let charColumns: number[] = []
    const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>
    const noteChars = async (...args: unknown[]): Promise<pg.QueryResult> => {
      const result = await query(...args)
      charColumns = (result.fields ?? []).flatMap((field, index) => (field.dataTypeID === charType ? [index] : []))
      for (const index of charColumns) Object.assign(result.fields[index] ?? {}, { dataTypeID: textType })
      return result
    }
    pool.query = noteChars as typeof pool.query
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (request) => {
      const result = await queryRaw(request)
      for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character
      return result
    }
    return adapter
  }
}
