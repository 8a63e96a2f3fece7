import { createUser } from '@towline/engine/people/create-user'
import { z } from 'zod'
import type { Person } from '../../caller.ts'
import { publicProcedure } from '../../trpc.ts'

const input = z.strictObject({
  email: z.string().trim().max(254).pipe(z.email('this is not an email address')),
  password: z.string().min(10, 'use at least 10 characters').max(200, 'use at most 200 characters'),
  name: z.string().trim().min(1, 'tell us your name').max(120),
})

export const signUp = publicProcedure.input(input).mutation(async ({ ctx, input }): Promise<Person> => {
  ctx.limits.take('signUp', ctx.address)
  return createUser(ctx.engine, input)
})
