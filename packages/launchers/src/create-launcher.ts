import type { Logger } from '@towline/service/logger'
import { DockerLauncher } from './docker/docker-launcher.ts'
import type { Launcher, LaunchPoolType } from './launcher.ts'
import { ProcessLauncher } from './process/process-launcher.ts'

/** Where an agent keeps what must survive it, and who it is. */
export type LauncherOptions = { agentId: string; dataDir: string; log: Logger }

export const createLauncher = (poolType: LaunchPoolType, options: LauncherOptions): Launcher =>
  poolType === 'docker' ? new DockerLauncher(options) : new ProcessLauncher(options)
