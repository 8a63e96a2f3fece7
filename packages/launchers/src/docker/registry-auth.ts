import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What `docker login` of the agent's user left: either the credentials themselves or the helper that holds them. */
type DockerConfig = { auths?: Record<string, { auth?: string }>; credsStore?: string; credHelpers?: Record<string, string> }
type RegistryAuth = { username: string; password: string; serveraddress: string }

const DOCKER_HUB = 'https://index.docker.io/v1/'

export const registryOf = (image: string): string => {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : DOCKER_HUB
}

/** Null: nobody signed in to that registry, which is right for public images. */
export const registryAuth = async (image: string): Promise<RegistryAuth | null> => {
  const registry = registryOf(image)
  const config = await readConfig()
  const helper = config.credHelpers?.[registry] ?? config.credsStore
  if (helper !== undefined) return await askHelper(helper, registry)
  const encoded = config.auths?.[registry]?.auth ?? config.auths?.[`https://${registry}`]?.auth
  if (encoded === undefined) return null
  const [username = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { username, password: password.join(':'), serveraddress: registry }
}

const readConfig = async (): Promise<DockerConfig> => {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json'), 'utf8'))
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    // Absent or broken: the engine then pulls as nobody, and its refusal names the remedy.
    return {}
  }
}

/** `docker-credential-<helper> get`: the registry on stdin, JSON on stdout. */
const askHelper = (helper: string, registry: string): Promise<RegistryAuth | null> =>
  new Promise((resolve) => {
    const child = spawn(`docker-credential-${helper}`, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], timeout: 10_000 })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stdin.on('error', () => undefined)
    child.on('error', () => resolve(null))
    child.on('close', (code) => resolve(code === 0 ? parseHelper(output, registry) : null))
    child.stdin.end(registry)
  })

const parseHelper = (output: string, registry: string): RegistryAuth | null => {
  try {
    const { Username: username, Secret: password } = JSON.parse(output)
    return typeof username === 'string' && typeof password === 'string' ? { username, password, serveraddress: registry } : null
  } catch {
    return null
  }
}
