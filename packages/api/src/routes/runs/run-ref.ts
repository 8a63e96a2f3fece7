import { z } from 'zod'

/** A run as people name it: its id, its exact name, or the start or end of its id when that is unique. */
export const runRef = z.strictObject({ id: z.string().trim().min(1).max(200) })
