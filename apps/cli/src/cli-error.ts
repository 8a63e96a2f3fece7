/** 0 fine · 1 failed run or refused act · 2 usage · 3 not signed in · 4 not reachable */
export const EXIT = { ok: 0, failed: 1, usage: 2, signedOut: 3, unreachable: 4 } as const
type Exit = (typeof EXIT)[keyof typeof EXIT]

/** What a person reads when a command cannot go on: what is wrong, and the command that fixes it. */
export class CliError extends Error {
  readonly exit: Exit
  readonly remedy: string | null

  constructor(
    message: string,
    { exit = EXIT.failed, remedy = null, cause }: { exit?: Exit; remedy?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'CliError'
    this.exit = exit
    this.remedy = remedy
  }
}

/** The command has said all there is to say; only the exit code is left. */
export class QuietExit extends Error {
  readonly exit: Exit
  constructor(exit: Exit) {
    super('exit')
    this.exit = exit
  }
}
