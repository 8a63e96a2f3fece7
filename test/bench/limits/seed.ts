import type { ControlPlane } from '../control-plane.ts'
import { asOwner } from '../control-plane.ts'

/** Ids as the engine makes them: in the order of time, so that indexes grow at their end. */
const ID = `(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint - $N + n), 12, '0') || '7' || substr(md5(n::text || $S), 1, 3)
  || '8' || substr(md5(n::text || $S), 5, 15))::uuid`

const idOf = (count: number, salt: string): string => ID.replaceAll('$N', String(count)).replaceAll('$S', `'${salt}'`)

export type Crowd = 'blocked' | 'future' | 'finished'

/** What differs from run to run is left to `n`; who is blocked stands in the line of the limit of the tag `crowd`. */
const columns: Record<Crowd, { state: string; name: string; ready: string; due: string; ended: string }> = {
  blocked: { state: 'SCHEDULED', name: 'AwaitingSlot', ready: 'false', due: `now() - interval '1 h'`, ended: 'null' },
  future: { state: 'SCHEDULED', name: 'Scheduled', ready: 'false', due: `now() + interval '1 h' + n * interval '1 s'`, ended: 'null' },
  finished: { state: 'COMPLETED', name: 'Completed', ready: 'false', due: `now() - interval '1 d'`, ended: 'now()' },
}

/** Puts so many runs beside those that are claimed, as the engine would have left them, without living their lives. */
export const seed = (plane: ControlPlane, crowd: Crowd, count: number): Promise<void> =>
  asOwner(plane.databaseUrl, async (client) => {
    const { state, name, ready, due, ended } = columns[crowd]
    // The rows are whole by the way they are made; checking a foreign key for each would take most of the time.
    await client.query('set session_replication_role = replica')
    await client.query(
      `insert into run (id, workspace_id, deployment_id, version_id, pool_id, queue_id, name, state_type, state_name, state_at, ready, due_at, rank,
                        parameters, tags, retries, attempt, event_seq, created_by, created_at, started_at, ended_at)
       select ${idOf(count, crowd)}, d.workspace_id, d.id, d.current_version_id, d.pool_id, d.queue_id, '${crowd}-' || n, '${state}', '${name}', now(),
              ${ready}, ${due}, floor(extract(epoch from ${due}) * 1000)::bigint, '{"note":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}', array['crowd'], '{"max":0}',
              ${crowd === 'finished' ? 1 : 0}, 5, 'bench', now(), ${ended}, ${ended}
       from deployment d cross join generate_series(1, ${count}) n
       where d.workspace_id = $1 and d.name = 'crowd'`,
      [plane.workspaceId],
    )
    if (crowd === 'blocked') {
      await client.query(
        `insert into waiter (id, workspace_id, limit_id, run_id, queue_id, weight, tier, rank, since, seen_at, hold)
         select r.id, r.workspace_id, l.id, r.id, r.queue_id, 1, q.priority, r.rank, now(), now(), 'full'
         from run r join queue q on q.id = r.queue_id join concurrency_limit l on l.workspace_id = r.workspace_id and l.tag = 'crowd'
         where r.state_name = 'AwaitingSlot'`,
      )
    }
    await client.query('set session_replication_role = origin')
  })

/** All runs go, with everything that hangs on them. */
export const clearRuns = (plane: ControlPlane): Promise<void> =>
  asOwner(plane.databaseUrl, async (client) => {
    await client.query('truncate run, attempt, task_run, slot, waiter, slot_history, run_event')
  })

/** What autovacuum does sooner or later, so that it does not fall into the measured time. */
export const settle = (plane: ControlPlane): Promise<void> =>
  asOwner(plane.databaseUrl, async (client) => {
    await client.query('vacuum (analyze) run, attempt, slot, waiter, slot_history')
    await client.query('checkpoint')
  })
