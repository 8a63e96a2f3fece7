/// <reference path="./sql.d.ts" />
import type { Actor } from '@towline/contract/audit'
import type { Bus } from '@towline/db/bus'
import type { Db } from '@towline/db/open-db'
import type { Clock } from '@towline/service/clock'
import type { Logger } from '@towline/service/logger'

/**
 * What every verb gets. `clock` is the server's time, the only one that orders events or ends leases. `by`: the person or key on whose behalf
 * it is called; what changes for them is written to the audit. Absent where the control plane acts by itself.
 */
export type EngineContext = { db: Db; bus: Bus; clock: Clock; log: Logger; by?: Actor }
