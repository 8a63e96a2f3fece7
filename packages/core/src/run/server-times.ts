/** Differences up to this are delay (batching, network) rather than a wrong clock. */
const DELAY_MS = 5000

/**
 * Moves the times of one report onto the server's clock. Their distances are kept; when the newest of them lies more than five seconds
 * off, the sender's clock is wrong and all are shifted by the same amount. Nothing comes out later than now.
 */
export const serverTimes = (reported: readonly number[], now: Date): Date[] => {
  const limit = now.getTime()
  const newest = reported.reduce((max, at) => (Number.isFinite(at) ? Math.max(max, at) : max), Number.NEGATIVE_INFINITY)
  const shift = Math.abs(limit - newest) > DELAY_MS ? limit - newest : 0
  return reported.map((at) => {
    const moved = Number.isFinite(at) ? Math.min(limit, at + shift) : limit
    return new Date(Math.max(moved, limit - 366 * 86_400_000))
  })
}
