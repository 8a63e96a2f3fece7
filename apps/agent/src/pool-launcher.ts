import type { PoolType } from '@towline/contract/run-spec'
import type { Launcher } from '@towline/launchers/launcher'
import type { Logger } from '@towline/service/logger'
import { LauncherError } from './agent.ts'

/** The launcher of a pool's type; its code is loaded only then, as most agents need one of them. */
export const createPoolLauncher =
  ({ dataDir, log }: { dataDir: string; log: Logger }) =>
  async (poolType: PoolType, agentId: string): Promise<Launcher> => {
    if (poolType === 'kubernetes') throw new LauncherError('This version of the agent cannot launch runs of kubernetes pools.')
    const { createLauncher } = await import('@towline/launchers/create-launcher')
    return createLauncher(poolType, { agentId, dataDir, log })
  }
