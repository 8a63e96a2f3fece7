/** Time comes in from outside, so that tests can stand still or jump. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  private millis: number

  constructor(start: Date | string = '2026-01-01T00:00:00.000Z') {
    this.millis = new Date(start).getTime()
  }

  now(): Date {
    return new Date(this.millis)
  }

  advance(step: { ms?: number; seconds?: number; minutes?: number; hours?: number; days?: number }): Date {
    const seconds = (step.seconds ?? 0) + 60 * (step.minutes ?? 0) + 3600 * (step.hours ?? 0) + 86_400 * (step.days ?? 0)
    this.millis += (step.ms ?? 0) + 1000 * seconds
    return this.now()
  }

  set(to: Date | string): void {
    this.millis = new Date(to).getTime()
  }
}
