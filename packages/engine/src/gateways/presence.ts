/** A gateway that was not heard of for this long was not there: half a lease, which is two heartbeats of its agents. */
export const presenceGapMs = (leaseSeconds: number): number => (leaseSeconds * 1000) / 2
