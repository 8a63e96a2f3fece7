import { z } from 'zod'

/** People type the code by hand: case, spaces and the dash do not matter. */
export const userCodeInput = z.strictObject({ userCode: z.string().min(1).max(20) })
