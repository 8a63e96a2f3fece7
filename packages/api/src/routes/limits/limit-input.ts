import { limitRefSchema } from '@towline/contract/limit-views'
import { z } from 'zod'

export const byLimit = z.strictObject({ limit: limitRefSchema })
