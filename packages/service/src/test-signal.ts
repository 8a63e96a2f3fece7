/**
 * Lets a test wait for something that a long-lived object did, instead of sleeping. Without a waiter an emit costs one
 * increment, so production code may carry it.
 */
export class TestSignal<T = void> {
  count = 0
  private waiters: ((value: T) => void)[] = []

  emit(value: T): void {
    this.count += 1
    if (this.waiters.length === 0) return
    const waiting = this.waiters
    this.waiters = []
    for (const resolve of waiting) resolve(value)
  }

  /** The next emit after this call. */
  next(): Promise<T> {
    return new Promise((resolve) => {
      this.waiters.push(resolve)
    })
  }
}
