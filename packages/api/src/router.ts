import { list as listAgents } from './routes/agents/list.ts'
import { list as listAudit } from './routes/audit/list.ts'
import { signUp } from './routes/auth/sign-up.ts'
import { whoami } from './routes/auth/whoami.ts'
import { remove as deleteDeployment } from './routes/deployments/delete.ts'
import { get as getDeployment } from './routes/deployments/get.ts'
import { list as listDeployments } from './routes/deployments/list.ts'
import { register } from './routes/deployments/register.ts'
import { update as updateDeployment } from './routes/deployments/update.ts'
import { dismiss } from './routes/guide/dismiss.ts'
import { get as getGuide } from './routes/guide/get.ts'
import { create as createKey } from './routes/keys/create.ts'
import { list as listKeys } from './routes/keys/list.ts'
import { revoke } from './routes/keys/revoke.ts'
import { changes as limitChanges } from './routes/limits/changes.ts'
import { remove as deleteLimit } from './routes/limits/delete.ts'
import { get as getLimit } from './routes/limits/get.ts'
import { history as limitHistory } from './routes/limits/history.ts'
import { ledger } from './routes/limits/ledger.ts'
import { list as listLimits } from './routes/limits/list.ts'
import { rehearse } from './routes/limits/rehearse.ts'
import { release } from './routes/limits/release.ts'
import { set as setLimit } from './routes/limits/set.ts'
import { suggestions } from './routes/limits/suggestions.ts'
import { changes } from './routes/live/changes.ts'
import { approve } from './routes/login/approve.ts'
import { deny } from './routes/login/deny.ts'
import { get as getLogin } from './routes/login/get.ts'
import { poll } from './routes/login/poll.ts'
import { start } from './routes/login/start.ts'
import { get as getOverview } from './routes/overview/get.ts'
import { create as createPool } from './routes/pools/create.ts'
import { remove as deletePool } from './routes/pools/delete.ts'
import { get as getPool } from './routes/pools/get.ts'
import { history } from './routes/pools/history.ts'
import { list as listPools } from './routes/pools/list.ts'
import { update as updatePool } from './routes/pools/update.ts'
import { create as createQueue } from './routes/queues/create.ts'
import { remove as deleteQueue } from './routes/queues/delete.ts'
import { update as updateQueue } from './routes/queues/update.ts'
import { cancel } from './routes/runs/cancel.ts'
import { create as createRun } from './routes/runs/create.ts'
import { events } from './routes/runs/events.ts'
import { get as getRun } from './routes/runs/get.ts'
import { list as listRuns } from './routes/runs/list.ts'
import { logs } from './routes/runs/logs.ts'
import { retry } from './routes/runs/retry.ts'
import { tasks } from './routes/runs/tasks.ts'
import { watch } from './routes/runs/watch.ts'
import { create as createWorkspace } from './routes/workspaces/create.ts'
import { list as listWorkspaces } from './routes/workspaces/list.ts'
import { update as updateWorkspace } from './routes/workspaces/update.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  auth: router({ whoami, signUp }),
  login: router({ start, poll, get: getLogin, approve, deny }),
  workspaces: router({ create: createWorkspace, list: listWorkspaces, update: updateWorkspace }),
  pools: router({ list: listPools, get: getPool, create: createPool, update: updatePool, delete: deletePool, history }),
  queues: router({ create: createQueue, update: updateQueue, delete: deleteQueue }),
  agents: router({ list: listAgents }),
  keys: router({ list: listKeys, create: createKey, revoke }),
  deployments: router({ list: listDeployments, get: getDeployment, register, update: updateDeployment, delete: deleteDeployment }),
  runs: router({ list: listRuns, get: getRun, create: createRun, cancel, retry, events, tasks, logs, watch }),
  limits: router({
    list: listLimits,
    get: getLimit,
    set: setLimit,
    delete: deleteLimit,
    release,
    changes: limitChanges,
    history: limitHistory,
    rehearse,
    suggestions,
    ledger,
  }),
  audit: router({ list: listAudit }),
  live: router({ changes }),
  guide: router({ get: getGuide, dismiss }),
  overview: router({ get: getOverview }),
})

export type AppRouter = typeof appRouter
