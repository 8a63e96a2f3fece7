import { type Loop, startLoop } from '@towline/service/loop'
import { claimForPool } from './claim-for-pool.ts'
import type { GatewayContext } from './gateway-context.ts'

export type PoolLoops = {
  /** Claim soon, when an agent of the pool is connected here. */
  wake(poolId: string, reason: string): void
  /** An agent of the pool came or went. */
  follow(poolId: string): void
  stop(): Promise<void>
}

/** One claim loop for each pool that has agents here: it alone spends their credit. */
export const createPoolLoops = (gw: () => GatewayContext): PoolLoops => {
  const loops = new Map<string, Loop>()
  const ending = new Set<Promise<void>>()
  let stopped = false

  const end = (poolId: string): void => {
    const stop = loops.get(poolId)?.stop()
    loops.delete(poolId)
    if (!stop) return
    ending.add(stop)
    void stop.finally(() => ending.delete(stop))
  }

  return {
    wake: (poolId, reason) => loops.get(poolId)?.wake(reason),
    follow: (poolId) => {
      const wanted = !stopped && gw().registry.serves(poolId)
      if (!wanted) return end(poolId)
      if (loops.has(poolId)) return
      const { limits, log } = gw()
      const runOnce = (): Promise<'again' | undefined> => claimForPool(gw(), poolId)
      loops.set(poolId, startLoop({ name: `claim ${poolId}`, intervalMs: limits.pollSeconds * 1000, jitter: 0.3, runOnce, log }))
    },
    stop: async () => {
      stopped = true
      for (const poolId of [...loops.keys()]) end(poolId)
      await Promise.all(ending)
    },
  }
}
