import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { z } from 'zod'
import { CliError } from '../cli-error.ts'
import type { imageBuildSchema } from './project-schema.ts'

const docker = (args: string[]): Promise<void> =>
  new Promise((done, fail) => {
    // Its output is progress, so it goes where progress goes.
    const child = spawn('docker', args, { stdio: ['ignore', 2, 2] })
    child.once('error', (cause) =>
      fail(new CliError('docker is not installed here', { remedy: 'https://docs.docker.com/get-docker', cause })),
    )
    child.once('close', (code) =>
      code === 0 ? done() : fail(new CliError(`docker ${args[0]} failed with exit code ${code}`, { remedy: `docker ${args.join(' ')}` })),
    )
  })

export const buildImage = async (image: string, build: z.infer<typeof imageBuildSchema>, directory: string): Promise<void> => {
  const context = resolve(directory, build.context)
  const dockerfile = build.dockerfile ? ['--file', resolve(directory, build.dockerfile)] : []
  await docker(['build', '--tag', image, ...dockerfile, context])
  if (build.push) await docker(['push', image])
}
