import { z } from 'zod'

/** Every id of Towline is a UUIDv7 made in the application (never by the database), so it sorts by creation time. */
export const idSchema = z.uuid()

/** Names that people choose for pools, queues, flows, deployments and agents: they appear in URLs and commands. */
export const nameSchema = z
  .string()
  .min(1, 'a name has at least one character')
  .max(80, 'a name has at most 80 characters')
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/,
    'use lower-case letters, digits, dots, dashes and underscores; start and end with a letter or digit',
  )

/** A tag is free text without commas or control characters, so that lists of tags can be typed as `a,b`. */
export const tagSchema = z
  .string()
  .trim()
  .min(1, 'a tag has at least one character')
  .max(120, 'a tag has at most 120 characters')
  .regex(/^[^,\p{Cc}]+$/u, 'a tag has no commas and no control characters')

export const tagsSchema = z
  .array(tagSchema)
  .max(50)
  .transform((tags) => [...new Set(tags)].sort())

/** How many slots of the limits of these tags somebody takes. A tag that has no limit costs nothing. */
export const slotWeightsSchema = z
  .record(tagSchema, z.int().min(1).max(10_000))
  .refine((weights) => Object.keys(weights).length <= 50, 'at most 50 tags')
