import { z } from 'zod'

/** Looked up as typed: a name that could not exist is simply not found. */
export const byName = z.strictObject({ name: z.string().min(1).max(200) })
