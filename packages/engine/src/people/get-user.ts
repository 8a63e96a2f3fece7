import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import type { Person } from './person.ts'
import text from './sql/get-user.sql'

const getById = statement('get-user', text)

/** Asked with every call of a session, so it is one prepared statement. */
export const getUser = async (ctx: EngineContext, { id }: { id: string }): Promise<Person | null> => {
  const { rows } = await ctx.db.enginePool.query<Person>({ ...getById, values: [id] })
  return rows[0] ?? null
}
