import type { Command } from 'commander'
import { createIo, type Io, type OutputFormat } from './output/io.ts'

export interface CommandInput<Options> {
  args: string[]
  options: Options
  io: Io
}

interface CommandModule<Options> {
  run: (input: CommandInput<Options>) => Promise<void> | void
}

/** A command's code is loaded when it is chosen: `towline --version` loads none of it. */
export const lazily =
  <Options extends object>(load: () => Promise<CommandModule<Options>>) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command
    const options = command.optsWithGlobals<Options & { output: OutputFormat }>()
    const { run } = await load()
    await run({ args: command.args, options, io: createIo(options.output) })
  }
