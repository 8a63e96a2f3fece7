/**
 * Leases end by the clock, but only a control plane that was there to take heartbeats may hold their absence against an agent. After a gap (start,
 * PostgreSQL away, the machine asleep) every agent gets a whole lease to come back before any lease is ended.
 */
export class Steadiness {
  private readonly leaseMs: number
  private steadySince = Number.NaN
  private lastSuccess = Number.NaN

  constructor(leaseSeconds: number) {
    this.leaseMs = leaseSeconds * 1000
  }

  /** Was the last lease lived through without a gap? One of up to half a lease leaves an agent two heartbeats. */
  isSteady(now: number): boolean {
    const whole = now >= this.lastSuccess && now - this.lastSuccess <= this.leaseMs / 2
    if (!whole) this.steadySince = now
    return now - this.steadySince >= this.leaseMs
  }

  /** A round that began at this moment reached the database. */
  succeeded(at: number): void {
    this.lastSuccess = at
  }
}
