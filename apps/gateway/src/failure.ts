import { type AppError, isAppError } from '@towline/contract/app-error'
import type { CloseReason } from '@towline/contract/close-reasons'
import { ERROR_CODES, type ErrorCode } from '@towline/contract/errors'
import { isUnavailable } from '@towline/engine/unavailable'

export type Failure = { code: ErrorCode; message: string; retry: boolean }

const pgCodeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** The database refused the values themselves (classes 22 and 23): sending them again cannot help. */
const isDataError = (error: unknown): boolean => !isAppError(error) && /^2[23][0-9A-Z]{3}$/.test(pgCodeOf(error))

const RETRY: ReadonlySet<ErrorCode> = new Set(['unavailable', 'internal', 'rate_limited'])

/** Of an error that the engine threw. What is neither a refusal, nor bad data, nor the database being away, is a fault of ours. */
export const codeOf = (error: unknown): ErrorCode => {
  if (isAppError(error)) return error.code
  if (isUnavailable(error)) return 'unavailable'
  return isDataError(error) ? 'invalid_input' : 'internal'
}

/** What an agent is told instead of an acknowledgement: with `retry` it keeps what it has and sends it again. */
export const failureOf = (error: unknown): Failure => {
  const code = codeOf(error)
  return { code, message: isAppError(error) ? error.message : ERROR_CODES[code].text, retry: RETRY.has(code) }
}

const CLOSE_REASON_OF: Partial<Record<AppError['code'], CloseReason>> = {
  unauthenticated: 'invalid_key',
  key_revoked: 'key_revoked',
  key_expired: 'key_expired',
  unsupported_version: 'unsupported_version',
}

export const closeReasonOfError = (error: unknown): CloseReason => (isAppError(error) && CLOSE_REASON_OF[error.code]) || 'unavailable'
