import { CliError, EXIT } from './cli-error.ts'

/** Asks on a terminal; elsewhere the flag has to say it. */
export const confirm = async (question: string, yes: boolean | undefined): Promise<void> => {
  if (yes) return
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CliError(`${question} Nobody is here to answer`, { exit: EXIT.usage, remedy: 'say it with --yes' })
  const prompts = await import('@clack/prompts')
  const answer = await prompts.confirm({ message: question, initialValue: false, output: process.stderr })
  if (answer !== true) throw new CliError('nothing was changed')
}
