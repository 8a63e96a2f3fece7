import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { EXIT, QuietExit } from '../cli-error.ts'
import type { CommandInput } from '../command.ts'
import { apiUrl, sdkTarballUrl } from '../config.ts'
import { bundleFlow } from '../deploy/bundle-flow.ts'
import { describeBundle, pickFlow } from '../deploy/describe-bundle.ts'
import { type RunOptions, readParameters } from './run-parameters.ts'

/** `towline run ./flow.ts --local`: bundles the file and runs it here, without a control plane. */
export const run = async ({ args: [target = ''], options }: CommandInput<RunOptions>): Promise<void> => {
  const hash = target.lastIndexOf('#')
  const path = resolve(hash < 0 ? target : target.slice(0, hash))
  const directory = dirname(path)
  const file = basename(path)
  const bundle = await bundleFlow({ directory, file, external: [], sdkUrl: sdkTarballUrl(apiUrl()) })
  const flow = pickFlow(await describeBundle(bundle, file, directory), file, hash < 0 ? null : target.slice(hash + 1))
  const parameters = readParameters(options, flow.parameterSchema)
  const temporary = await mkdtemp(join(tmpdir(), 'towline-'))
  try {
    const bundlePath = join(temporary, 'bundle.mjs')
    await writeFile(bundlePath, bundle.code)
    const env = { ...process.env, TOWLINE_FLOW: flow.name, TOWLINE_PARAMETERS: JSON.stringify(parameters), TOWLINE_API_KEY: undefined }
    const child = spawn(process.execPath, [bundlePath], { stdio: 'inherit', env })
    // Ctrl-C reaches the flow from the terminal itself; the command waits for its end.
    const ignore = (): void => undefined
    process.on('SIGINT', ignore)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    const code = await new Promise<number | null>((done, fail) => {
      child.once('error', fail)
      child.once('close', done)
    })
    process.removeListener('SIGINT', ignore)
    if (code !== 0) throw new QuietExit(EXIT.failed)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
