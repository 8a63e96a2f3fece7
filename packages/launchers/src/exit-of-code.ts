import type { Exit } from '@towline/contract/frames'

/** Linux numbers: containers are Linux, and the shells of other systems agree on those that occur. */
const SIGNALS: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
}

/**
 * Shells and container engines report death by signal n as exit code 128 + n. Nobody outside can tell it from a program that
 * exits with that number by itself, and programs that do so mean the same.
 */
export const exitOfCode = (code: number): Pick<Exit, 'exitCode' | 'signal'> => {
  const signal = SIGNALS[code - 128]
  return signal === undefined ? { exitCode: code, signal: null } : { exitCode: null, signal }
}
