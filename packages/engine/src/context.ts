/// <reference path="./sql.d.ts" />
/// <reference path="./sql.d.ts" />
import type { Bus } from '@towline/db/bus'
import type { Db } from '@towline/db/open-db'
import type { Clock } from '@towline/service/clock'
import type { Logger } from '@towline/service/logger'

/** What every verb gets. `clock` is the server's time, the only one that orders events or ends leases. */
export type EngineContext = { db: Db; bus: Bus; clock: Clock; log: Logger }
