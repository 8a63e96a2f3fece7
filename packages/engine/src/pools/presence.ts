/** An agent that was not seen for a whole lease (four heartbeats of 10 s) is offline, whatever its row says of a socket. */
export const PRESENCE_SECONDS = 40

/** Lists count up to here; beyond it people read "10,000+". */
export const COUNT_CAP = 10_001
