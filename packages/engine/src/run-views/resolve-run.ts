import { AppError } from '@towline/contract/app-error'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import byIdText from './sql/find-run-by-id.sql'
import byRefText from './sql/find-runs-by-ref.sql'

type Input = { workspaceId: string; ref: string }
type Found = { id: string; name: string }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Names and parts of ids are looked up among this many newest runs; older ones by their whole id. */
const RECENT_RUNS = 20_000

const byId = statement('find-run-by-id', byIdText)
const byRef = statement('find-runs-by-ref', byRefText)

/** The id of the run that somebody means: a whole id, an exact name, or the start or end of an id (four characters at least). */
export const resolveRun = (ctx: EngineContext, { workspaceId, ref }: Input): Promise<string> =>
  tenantTransaction(ctx.db, workspaceId, (tx) => findRun(tx, { workspaceId, ref }))

export const findRun = async (tx: Tx, { workspaceId, ref }: Input): Promise<string> => {
  const whole = UUID.test(ref)
  const part = /^[0-9a-f-]{4,36}$/i.test(ref) ? ref.toLowerCase() : null
  const query = whole ? { ...byId, values: [workspaceId, ref] } : { ...byRef, values: [workspaceId, ref, part, RECENT_RUNS] }
  const { rows } = await tx.query<Found>(query)
  const [found, another] = rows
  if (found === undefined)
    throw new AppError(
      'not_found',
      whole
        ? 'There is no run with this id in this workspace. Runs that have ended are kept for a limited time.'
        : `There is no run called ${ref} among the newest of this workspace.`,
    )
  if (another !== undefined)
    throw new AppError(
      'invalid_input',
      `More than one run fits ${ref}: ${rows.map((row) => `${row.id} (${row.name})`).join(', ')}. Give a whole id.`,
    )
  return found.id
}
