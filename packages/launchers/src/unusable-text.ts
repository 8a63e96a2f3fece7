import { LaunchError } from './launcher.ts'

/** What no operating system takes in an environment or on a command line. */
export const refuseUnusableText = (env: Record<string, string>, command: readonly string[]): void => {
  const name = Object.keys(env).find((key) => env[key]?.includes('\0'))
  if (name !== undefined || command.some((argument) => argument.includes('\0'))) {
    throw new LaunchError({
      reason: 'ConfigInvalid',
      message: `${name === undefined ? 'The command' : `The variable ${name}`} holds a NUL character, which no process can be given.`,
      evidence: name ?? command.join(' ').replaceAll('\0', '\\0'),
    })
  }
}
