import type { LaunchFailureReason } from '@towline/contract/run-spec'
import { isLaunchError, LaunchError } from '../launcher.ts'

/** An error of the engine's API, as dockerode throws it; `statusCode` is missing when no engine answered. */
type EngineError = Error & { statusCode?: number; json?: { message?: string }; code?: string }

export const engineError = (error: unknown): EngineError => (error instanceof Error ? error : new Error(String(error)))
export const hasStatus = (error: unknown, ...codes: number[]): boolean => codes.includes(engineError(error).statusCode ?? 0)

/** The engine's own words. */
export const wordsOf = (error: unknown): string => {
  const known = engineError(error)
  return known.json?.message ?? known.message.trim()
}

const AWAY_CODES = [
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EACCES',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]

/** No answer at all: stopped, restarting, another address, or no right to its socket. */
export const isEngineAway = (error: unknown): boolean => {
  const known = engineError(error)
  return known.statusCode === undefined && known.code !== undefined && AWAY_CODES.includes(known.code)
}

export const engineAddress = (): string => process.env.DOCKER_HOST || 'unix:///var/run/docker.sock'

export const awayText = (error: unknown): string => {
  const remedy =
    engineError(error).code === 'EACCES'
      ? 'Let the user of the agent use it (for example: sudo usermod -aG docker <user>), and start the agent again.'
      : 'Start Docker, or point DOCKER_HOST of the agent at its engine.'
  return `The Docker engine does not answer at ${engineAddress()} (${engineError(error).code ?? wordsOf(error)}). ${remedy}`
}

export type LaunchPhase = 'create' | 'pull' | 'code' | 'start'

type Rule = {
  reason: LaunchFailureReason
  phase?: LaunchPhase
  status?: number
  words?: RegExp
  message: (facts: { image: string; command: string; words: string }) => string
}

/** The first that fits says what the failure is. Words are of Docker 20 to 28; what nothing fits is passed on as it is. */
const RULES: Rule[] = [
  {
    reason: 'Quota',
    words: /no space left on device|disk quota exceeded/i,
    message: () => 'The disk of the Docker engine is full. Free some (docker system prune), or run on another machine.',
  },
  {
    reason: 'ConfigInvalid',
    words: /invalid reference format|invalid repository name/i,
    message: ({ image }) => `"${image}" is not the name of an image. Correct it in the deployment or in the pool.`,
  },
  {
    reason: 'ImagePull',
    words: /access denied|unauthorized|authentication required|no basic auth credentials/i,
    message: ({ image }) =>
      `The image ${image} does not exist, or the registry wants a sign-in. Check its name; for a private one run "docker login" as the user of the agent.`,
  },
  {
    reason: 'ImagePull',
    phase: 'pull',
    words: /manifest|not found|no such image/i,
    message: ({ image }) => `There is no image ${image} in its registry. Check the name and the tag, and that it was pushed.`,
  },
  {
    reason: 'ImagePull',
    phase: 'pull',
    message: ({ image }) => `The image ${image} could not be pulled. Check that the machine of the agent reaches its registry.`,
  },
  {
    reason: 'ImagePull',
    phase: 'create',
    status: 404,
    words: /no such image/i,
    message: ({ image }) =>
      `The image ${image} is not on the machine of the agent, and the pull policy is "never". Pull it there, or change imagePullPolicy.`,
  },
  {
    reason: 'ConfigInvalid',
    words: /docker-init/i,
    message: () => 'The Docker engine has no docker-init. Install it (package "tini" or "docker-init"), or update the engine.',
  },
  {
    reason: 'OutOfMemory',
    words: /oom-killed|memory limit too low|cannot allocate memory/i,
    message: () => 'The container does not start in the memory that it is given. Raise memoryMb.',
  },
  {
    reason: 'CommandNotFound',
    phase: 'start',
    words: /executable file not found|exec:.*(no such file|permission denied)|exec format error/i,
    message: ({ image, command }) => `The image ${image} cannot execute "${command}". Correct the command, or use an image that has it.`,
  },
  {
    reason: 'ConfigInvalid',
    words: /network .*not found/i,
    message: ({ words }) => `${sentence(words)} Create the network on the machine of the agent, or change "network".`,
  },
  {
    reason: 'ConfigInvalid',
    words: /unable to find user|no matching entries in (passwd|group)/i,
    message: ({ words, image }) => `${sentence(words)} Use a user of the image ${image}, or a numeric id.`,
  },
  {
    reason: 'ConfigInvalid',
    words: /volume|mount|bind|invalid mode/i,
    message: ({ words }) => `${sentence(words)} Correct the volumes ("source:target[:ro]", both absolute or a volume's name).`,
  },
  { reason: 'ConfigInvalid', status: 400, message: ({ words }) => `The Docker engine refuses the configuration: ${sentence(words)}` },
  {
    reason: 'ConfigInvalid',
    phase: 'create',
    status: 404,
    message: ({ words }) => `The Docker engine refuses the configuration: ${sentence(words)}`,
  },
]

export const launchFailure = (error: unknown, phase: LaunchPhase, { image, command }: { image: string; command: string }): LaunchError => {
  if (isLaunchError(error)) return error
  const words = wordsOf(error)
  const known = engineError(error)
  if (isEngineAway(error))
    return new LaunchError({ reason: 'EngineAway', message: awayText(error), evidence: known.message }, { cause: error })
  const rule = RULES.find(
    (candidate) =>
      (candidate.phase === undefined || candidate.phase === phase) &&
      (candidate.status === undefined || candidate.status === known.statusCode) &&
      (candidate.words === undefined || candidate.words.test(words)),
  )
  const message = rule?.message({ image, command, words }) ?? `The Docker engine could not start the container: ${sentence(words)}`
  return new LaunchError({ reason: rule?.reason ?? 'Unknown', message, evidence: known.message.trim() }, { cause: error })
}

const sentence = (words: string): string => {
  const text = words.trim()
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
