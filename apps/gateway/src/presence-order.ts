/** Connects and disconnects of one agent reach the database one after the other, so that the last word is the true one. */
export type PresenceOrder = {
  inOrder<T>(agentId: string | undefined, work: () => Promise<T>): Promise<T>
  idle(): Promise<void>
}

export const createPresenceOrder = (): PresenceOrder => {
  const tails = new Map<string, Promise<unknown>>()
  return {
    inOrder: (agentId, work) => {
      if (agentId === undefined) return work()
      const result = (tails.get(agentId) ?? Promise.resolve()).then(work, work)
      const tail = result.then(
        () => undefined,
        () => undefined,
      )
      tails.set(agentId, tail)
      void tail.then(() => {
        if (tails.get(agentId) === tail) tails.delete(agentId)
      })
      return result
    },
    idle: async () => {
      await Promise.all(tails.values())
    },
  }
}
