import type { AttemptRef } from '@towline/contract/frames'

export const refKey = ({ runId, attempt }: AttemptRef): string => `${runId}.${attempt}`

/**
 * How many more runs one agent may be handed. An agent confirms (or hands back) what it was assigned before it pulls again, so the
 * number of a pull knows of everything that is answered, and of nothing that is not: assignments that crossed the pull on the
 * wire are taken off here. That is why a full agent is never handed one more.
 */
export class Credit {
  private granted = 0
  private reserved = 0
  private readonly unanswered = new Set<string>()

  available(): number {
    return Math.max(0, this.granted - this.reserved - this.unanswered.size)
  }

  /**
   * True: there was none, so runs may be ready that nobody could take. An agent that could take more before has been offered all that there was,
   * and whatever becomes ready later wakes its pool by itself.
   */
  pull(credits: number): boolean {
    const had = this.available() > 0
    this.granted = credits
    return !had
  }

  /** Held while a claim is under way, so that two claims cannot spend the same credit. */
  reserve(count: number): void {
    this.reserved += count
  }

  /** The claim ended: what was not used of the reservation is free again. */
  settle(reserved: number, assigned: readonly AttemptRef[]): void {
    this.reserved -= reserved
    for (const ref of assigned) this.unanswered.add(refKey(ref))
  }

  /** The agent confirmed it or handed it back: its next pull counts it. */
  answer(ref: AttemptRef): void {
    if (this.unanswered.delete(refKey(ref))) this.granted = Math.max(0, this.granted - 1)
  }
}
