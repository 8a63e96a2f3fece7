import { z } from 'zod'
import { idSchema } from './ids.ts'
import { jsonObjectSchema } from './json.ts'

export const POOL_TYPES = ['process', 'docker', 'kubernetes'] as const
export const poolTypeSchema = z.enum(POOL_TYPES)
export type PoolType = z.infer<typeof poolTypeSchema>

/** How a deployment carries its code. */
export const codeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('bundle'),
    /** Lower-case hex SHA-256 of the file that `GET /v1/run/bundle` returns; checked where it runs. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    sizeBytes: z.int().positive(),
    /** Which flow of the bundle to run. */
    flow: z.string(),
  }),
  z.object({
    kind: z.literal('image'),
    image: z.string().min(1),
    /** Empty: the image's own entry point. */
    command: z.array(z.string()).default([]),
  }),
  z.object({ kind: z.literal('command'), command: z.array(z.string().min(1)).min(1) }),
])
export type Code = z.infer<typeof codeSchema>

/**
 * The variables of a pool's job template after defaults, deployment and run were merged (`env` key by key, the
 * rest replaced). Launchers read this and nothing else. Unknown keys are refused where they are set.
 */
export const jobVariablesSchema = z.strictObject({
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
  workingDirectory: z.string().optional(),
  /** Docker and Kubernetes. */
  image: z.string().optional(),
  imagePullPolicy: z.enum(['always', 'if-not-present', 'never']).optional(),
  memoryMb: z.int().min(16).optional(),
  cpus: z.number().positive().optional(),
  network: z.string().optional(),
  /** Docker `-v` syntax: `source:target[:ro]`. */
  volumes: z.array(z.string()).optional(),
  extraHosts: z.array(z.string()).optional(),
  user: z.string().optional(),
  privileged: z.boolean().optional(),
  /** Seconds between SIGTERM and SIGKILL when a run is cancelled. */
  graceSeconds: z.int().min(0).max(3600).optional(),
  /** Seconds that a launch may take (image pull included) before it counts as StartTimeout. */
  startTimeoutSeconds: z.int().min(1).max(86_400).optional(),
})
export type JobVariables = z.infer<typeof jobVariablesSchema>

/** Where neither pool nor deployment nor run says otherwise. Agents and the control plane, which watches over them, count with the same. */
export const DEFAULT_GRACE_SECONDS = 30
export const DEFAULT_START_TIMEOUT_SECONDS = 600

/** Everything that an agent needs to launch one attempt. It holds no secret of the workspace. */
export const runSpecSchema = z.object({
  workspaceId: idSchema,
  runId: idSchema,
  runName: z.string(),
  attempt: z.int().positive(),
  deployment: z.string(),
  flow: z.string(),
  code: codeSchema,
  parameters: jsonObjectSchema,
  variables: jobVariablesSchema,
  tags: z.array(z.string()),
  /** Seconds from start to forced end; null: no bound. */
  timeoutSeconds: z.number().positive().nullable(),
  /** The attempt takes over results of finished task runs of earlier ones. */
  reuse: z.boolean().optional(),
})
export type RunSpec = z.infer<typeof runSpecSchema>

/** Environment of every launched process or container, whatever its language. */
export const RUN_ENV = {
  apiUrl: 'TOWLINE_API_URL',
  token: 'TOWLINE_RUN_TOKEN',
  runId: 'TOWLINE_RUN_ID',
  runName: 'TOWLINE_RUN_NAME',
  attempt: 'TOWLINE_ATTEMPT',
  deployment: 'TOWLINE_DEPLOYMENT',
  flow: 'TOWLINE_FLOW',
  /** JSON object. */
  parameters: 'TOWLINE_PARAMETERS',
  /** `1`: ask for the results of earlier attempts (`GET /v1/run/results`) and do not execute those task runs again. `0` otherwise. */
  reuse: 'TOWLINE_REUSE',
} as const

export const LAUNCH_FAILURES = [
  'ImagePull',
  'ConfigInvalid',
  'CommandNotFound',
  'OutOfMemory',
  'Unschedulable',
  'Quota',
  'StartTimeout',
  'EngineAway',
  'CodeUnavailable',
  'Unknown',
] as const
export const launchFailureReasonSchema = z.enum(LAUNCH_FAILURES)
export type LaunchFailureReason = z.infer<typeof launchFailureReasonSchema>

export const launchFailureSchema = z.object({
  reason: launchFailureReasonSchema,
  /** One sentence for the run page. */
  message: z.string().max(2000),
  /** What the infrastructure said, word for word (at most 8,000 characters). */
  evidence: z.string().max(8000),
})
export type LaunchFailure = z.infer<typeof launchFailureSchema>

/** Where an attempt runs: shown on the run page, all fields free text or numbers for people. */
export const infrastructureSchema = z.record(z.string().max(60), z.union([z.string().max(1000), z.number(), z.boolean()]))
export type Infrastructure = z.infer<typeof infrastructureSchema>
