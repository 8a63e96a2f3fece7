import { nameSchema, slotWeightsSchema, tagSchema } from '@towline/contract/ids'
import { jsonObjectSchema } from '@towline/contract/json'
import { collisionSchema, limitRateSchema, MAX_SLOTS } from '@towline/contract/limit-views'
import { retryPolicySchema } from '@towline/contract/manifest'
import { jobVariablesSchema } from '@towline/contract/run-spec'
import { z } from 'zod'

const policy = retryPolicySchema.shape
/** The policy without its defaults: what is not said here is said by the flow. */
const retryOverrides = z.strictObject({
  failures: policy.failures.unwrap().optional().describe('After the code failed'),
  crashes: policy.crashes.unwrap().optional().describe('After the infrastructure died'),
  delaySeconds: policy.delaySeconds.unwrap().optional(),
  factor: policy.factor.unwrap().optional(),
  jitter: policy.jitter.unwrap().optional(),
})
const retries = z
  .union([z.int().min(0).max(100).describe('After the code failed'), retryOverrides])
  .describe('How often a run is tried again')

const rate = limitRateSchema.shape

/** Settings of the deployment, not part of its version. */
const limits = {
  limit: z
    .int('is a whole number of runs; 0 pauses')
    .min(0, 'is a whole number of runs; 0 pauses')
    .max(MAX_SLOTS)
    .optional()
    .describe('How many of its runs may be under way at once; 0 pauses. Left out, the limit stays as it was set elsewhere'),
  rate: z
    .strictObject({ count: rate.count, windowSeconds: rate.windowSeconds })
    .optional()
    .describe('At most so many starts within any so many seconds: { count: 100, windowSeconds: 60 }'),
  collision: collisionSchema.optional().describe('What becomes of a new run when the limit is full'),
}

const common = {
  pool: nameSchema.optional().describe('Work pool whose agents run it (default: the one at the top of the file)'),
  queue: nameSchema.optional().describe('Queue of the pool'),
  description: z.string().max(2000).optional(),
  parameters: jsonObjectSchema.optional().describe('Defaults of this deployment over those of the schema'),
  variables: jobVariablesSchema.optional().describe('Job variables over those of the pool: env, image, memoryMb, cpus, volumes…'),
  tags: z.array(tagSchema).max(50).optional(),
  weights: slotWeightsSchema.optional().describe('Slots that a run takes of the limit of a tag of its, where that is not 1: { gpu: 2 }'),
  retries: retries.optional(),
  timeoutSeconds: z
    .number()
    .positive()
    .max(30 * 86_400)
    .optional(),
  ...limits,
}

const flowRef = z.string().min(1).describe('File of the flow, from this file: flows/etl.ts, or flows/etl.ts#name when it holds several')
const commandLine = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).describe('A list of words, or one line for the shell')
const parameterSchema = jsonObjectSchema.optional().describe('JSON Schema of the parameters (they arrive as JSON in TOWLINE_PARAMETERS)')

const imageBuildSchema = z.strictObject({
  context: z.string().default('.').describe('Folder to build, from this file'),
  dockerfile: z.string().optional(),
  push: z.boolean().default(false).describe('Push the image after the build'),
})

const deploymentSchema = z.union([
  z.strictObject({ flow: flowRef, image: z.undefined().optional(), ...common }),
  z.strictObject({
    image: z.string().min(1).describe('Container image'),
    flow: flowRef.optional().describe('The flow inside the image, to take its name and parameters from'),
    command: commandLine.optional(),
    build: imageBuildSchema.optional().describe('How `towline deploy --build` makes the image'),
    parameterSchema,
    ...common,
  }),
  z.strictObject({ command: commandLine, parameterSchema, ...common }),
])
export type DeploymentEntry = z.infer<typeof deploymentSchema>

export const projectSchema = z.strictObject({
  $schema: z.string().optional(),
  pool: nameSchema.optional().describe('Work pool of every deployment that names none'),
  bundle: z
    .strictObject({
      external: z.array(z.string()).default([]).describe('Packages that stay out of the bundle and are there where it runs'),
    })
    .optional(),
  deployments: z.record(nameSchema, deploymentSchema).describe('What can run, by name'),
})
export type Project = z.infer<typeof projectSchema>
