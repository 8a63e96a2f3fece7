import type { Bus } from '@towline/db/bus'
import type { Db } from '@towline/db/open-db'
import type { Clock } from '@towline/service/clock'
import type { Logger } from '@towline/service/logger'

/** What every verb of the engine works with. */
export type EngineContext = { db: Db; bus: Bus; clock: Clock; log: Logger }
