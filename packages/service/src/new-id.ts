import { randomInt } from 'node:crypto'
import { v7 } from 'uuid'

let lastMillis = -1
let sequence = 0

/**
 * A UUID v7. Ids that this process makes in the same millisecond still sort in the order in which they were made, also
 * when the caller gives the time: a batch of runs created "now" keeps its order in every list that is paged by id.
 * The sequence has 32 bits and starts in the lower half, so it cannot overflow within a millisecond.
 */
export const newId = (at?: Date): string => {
  const msecs = at === undefined ? Date.now() : at.getTime()
  if (msecs === lastMillis) sequence += 1
  else {
    lastMillis = msecs
    sequence = randomInt(0x7fff_ffff)
  }
  return v7({ msecs, seq: sequence })
}
