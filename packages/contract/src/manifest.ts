import { z } from 'zod'
import { nameSchema, slotWeightsSchema, tagsSchema } from './ids.ts'
import { jsonObjectSchema } from './json.ts'
import { codeSchema, jobVariablesSchema } from './run-spec.ts'

export const retryPolicySchema = z.object({
  /** Retries after the user's code failed. */
  failures: z.int().min(0).max(100).default(0),
  /** Restarts after the infrastructure died (lost agent, killed container). */
  crashes: z.int().min(0).max(100).default(2),
  /** Seconds before retry n is `delaySeconds × factor^(n-1)`, ± jitter (share of the delay), at most one hour. */
  delaySeconds: z.number().min(0).max(3600).default(10),
  factor: z.number().min(1).max(10).default(2),
  jitter: z.number().min(0).max(1).default(0.2),
})
export type RetryPolicy = z.infer<typeof retryPolicySchema>

/** What one registration says of one deployment. Its canonical JSON is hashed: the same hash is the same version. */
export const manifestSchema = z.object({
  name: nameSchema,
  flow: nameSchema,
  description: z.string().max(2000).default(''),
  pool: nameSchema,
  queue: nameSchema.default('default'),
  code: codeSchema,
  /** JSON Schema (draft 2020-12, type object) of the parameters; null: anything goes (commands without a schema). */
  parameterSchema: jsonObjectSchema.nullable().default(null),
  /** Defaults of this deployment over the schema's. */
  parameters: jsonObjectSchema.default({}),
  variables: jobVariablesSchema.default({}),
  tags: tagsSchema.default([]),
  /** Slots that one run takes of the limit of a tag of its, where that is not 1: `{ gpu: 2 }`. */
  weights: slotWeightsSchema.optional(),
  retries: retryPolicySchema.prefault({}),
  timeoutSeconds: z
    .number()
    .positive()
    .max(30 * 86_400)
    .nullable()
    .default(null),
})
export type Manifest = z.infer<typeof manifestSchema>
export type ManifestInput = z.input<typeof manifestSchema>
