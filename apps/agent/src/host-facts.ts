import { arch, cpus, freemem, hostname, loadavg, type as osType, release, totalmem } from 'node:os'
import type { AgentFrame, FrameOf } from '@towline/contract/frames'

const MIB = 1024 * 1024

export const hostFacts = (): FrameOf<AgentFrame, 'agent.hello.v1'>['host'] => ({
  hostname: hostname(),
  os: `${osType().toLowerCase()} ${release()}`,
  arch: arch(),
  cpus: cpus().length,
  memoryMb: Math.round(totalmem() / MIB),
  pid: process.pid,
})

/** Of the whole machine: the share of its CPUs that is busy (1: all of them), and its memory in use. */
export const loadOf = (running: number): FrameOf<AgentFrame, 'agent.heartbeat.v1'>['load'] => ({
  running,
  cpu: Math.round((100 * (loadavg()[0] ?? 0)) / Math.max(1, cpus().length)) / 100,
  memoryMb: Math.round((totalmem() - freemem()) / MIB),
})
