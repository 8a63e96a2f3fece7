import { wantsColor } from '@towline/contract/glyphs'
import { CommanderError } from 'commander'
import { CliError, EXIT, QuietExit } from './cli-error.ts'
import { createProgram, usageError } from './program.ts'

const version = process.env.TOWLINE_VERSION ?? '0.0.0'

const show = ({ message, remedy }: CliError): void => {
  const paint = (text: string, sgr: string): string =>
    wantsColor(process.env, process.stderr.isTTY === true) ? `\u001b[${sgr}m${text}\u001b[0m` : text
  process.stderr.write(`${paint('error:', '31')} ${message}\n`)
  if (remedy) process.stderr.write(`${paint('try:', '36')}   ${remedy}\n`)
}

/** Every error in words; the client is loaded only to explain one of its own. */
const explain = async (error: unknown): Promise<CliError> => {
  if (error instanceof CliError) return error
  if (error instanceof Error && error.name === 'TRPCClientError') {
    const [{ explainApiError }, { apiUrl }] = await Promise.all([import('./client.ts'), import('./config.ts')])
    const explained = explainApiError(error, apiUrl())
    if (explained) return explained
  }
  if (process.env.TOWLINE_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  return new CliError(error instanceof Error ? error.message : String(error), { remedy: 'the same with TOWLINE_DEBUG=1 shows where' })
}

const printCompletions = async (): Promise<void> => {
  const { complete } = await import('./commands/complete.ts')
  process.stdout.write((await complete(program, typed.slice(1))).map((word) => `${word}\n`).join(''))
}

const typed = process.argv.slice(2)
const program = createProgram(version)

// `towline runs ls | head` ends the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
})

try {
  if (typed.length === 0) program.outputHelp()
  // Asked by the shells with words that are not whole yet, so they are not parsed as a command.
  else if (typed[0] === '__complete') await printCompletions()
  else await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) process.exitCode = EXIT.ok
    else if (error.code === 'commander.help') process.exitCode = EXIT.usage
    else {
      show(usageError(error.message, typed, program))
      process.exitCode = EXIT.usage
    }
  } else if (error instanceof QuietExit) {
    process.exitCode = error.exit
  } else {
    const explained = await explain(error)
    show(explained)
    process.exitCode = explained.exit
  }
}
// Sockets that are kept open for a next call must not keep the terminal waiting.
await new Promise<void>((done) => process.stdout.write('', () => done()))
process.exit()
