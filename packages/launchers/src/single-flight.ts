/** Calls with the same key that come while one is under way share its outcome. */
export class SingleFlight<T> {
  readonly #underWay = new Map<string, Promise<T>>()

  has(key: string): boolean {
    return this.#underWay.has(key)
  }

  run(key: string, start: () => Promise<T>): Promise<T> {
    const running = this.#underWay.get(key)
    if (running !== undefined) return running
    const flight = start().finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, flight)
    return flight
  }
}
