import { z } from 'zod'

/** Looked up as typed, like every name: what could not exist is simply not found. */
export const byQueue = z.strictObject({ pool: z.string().min(1).max(200), name: z.string().min(1).max(200) })
