import { z } from 'zod'
import { nameSchema } from './ids.ts'
import { jsonObjectSchema } from './json.ts'

/** What a bundle says of one of its flows when the CLI asks it (as JSON on file descriptor 3). */
export const flowDescriptionSchema = z.object({
  name: nameSchema,
  description: z.string().nullable(),
  parameterSchema: jsonObjectSchema.nullable(),
  tags: z.array(z.string()),
  /** The fields of a retry policy that the flow sets. */
  retries: z.record(z.string(), z.number()),
  timeoutSeconds: z.number().nullable(),
})
export type FlowDescription = z.infer<typeof flowDescriptionSchema>
