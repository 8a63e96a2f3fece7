import { createHash } from 'node:crypto'

/**
 * The id on the bus that tells one task run, in topic `slots`, that a slot is offered to it: the others of its run sleep on. Keys of task runs
 * are free text and may be long, ids on the bus are neither. A notice with the id of the run alone wakes all of its task runs.
 */
export const slotNotice = (runId: string, taskKey: string): string =>
  `${runId}/${createHash('sha256').update(taskKey).digest('hex').slice(0, 16)}`
