import { AppError } from '@towline/contract/app-error'
import type { EngineContext } from '../context.ts'
import { getLoginRequest } from './get-login-request.ts'

/** Says why a request can be decided no more. */
export const refuseEndedLogin = async (ctx: EngineContext, userCode: string): Promise<never> => {
  const { status } = await getLoginRequest(ctx, { userCode })
  throw new AppError(
    'conflict',
    status === 'expired' ? 'This code has expired. Run `towline login` again.' : `This request was ${status} already.`,
  )
}
