import { spawn } from 'node:child_process'
import { CliError } from '../cli-error.ts'
import type { ImageBuild } from './plan-builds.ts'

type Ended = { code: number | null; stderr: string }

/** `quiet`: what it says is kept. Otherwise it is progress, and goes where progress goes. */
const docker = (args: string[], quiet: boolean): Promise<Ended> =>
  new Promise((done, fail) => {
    const child = spawn('docker', args, { stdio: ['ignore', quiet ? 'ignore' : 2, quiet ? 'pipe' : 2] })
    let stderr = ''
    child.stderr?.on('data', (chunk) => {
      stderr += String(chunk)
    })
    child.once('error', (cause) =>
      fail(new CliError('docker is not installed here', { remedy: 'https://docs.docker.com/get-docker', cause })),
    )
    child.once('close', (code) => done({ code, stderr }))
  })

const START = process.platform === 'linux' ? 'sudo systemctl start docker' : 'start Docker Desktop'

/** Asked before a build, because the build would say it in the words of its builder, and differently with each. */
export const assertEngine = async (): Promise<void> => {
  const { code, stderr } = await docker(['version', '--format', '{{.Server.Version}}'], true)
  if (code === 0) return
  if (/permission denied/i.test(stderr))
    throw new CliError('this user may not use the Docker engine', { remedy: 'sudo usermod -aG docker "$USER", then sign in again' })
  const host = process.env.DOCKER_HOST
  throw new CliError(`no Docker engine answers${host ? ` at ${host} (DOCKER_HOST)` : ''}`, {
    remedy: host ? `${START}, or unset DOCKER_HOST` : START,
  })
}

/** The part before the first slash is a registry when it looks like a host; otherwise the image belongs to Docker Hub. */
const loginOf = (image: string): string => {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? `docker login ${first}` : 'docker login'
}

export const buildImage = async ({ image, context, dockerfile, push }: ImageBuild): Promise<void> => {
  const built = await docker(['build', '--tag', image, '--file', dockerfile, context], false)
  if (built.code !== 0)
    throw new CliError(`${image} was not built (docker build ended with ${built.code}), and nothing was registered`, {
      remedy: `put right in ${dockerfile} what the lines above name, then towline deploy --build`,
    })
  if (!push) return
  const pushed = await docker(['push', image], false)
  if (pushed.code !== 0)
    throw new CliError(`${image} was built but not pushed (docker push ended with ${pushed.code}), and nothing was registered`, {
      remedy: loginOf(image),
    })
}
