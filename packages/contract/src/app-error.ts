import { ERROR_CODES, type ErrorCode } from './errors.ts'

/**
 * An operating failure with a text that may be shown to people. `detail` goes to our own log only.
 * A refusal that callers expect (a lost race, a fenced attempt) is a value, not an AppError.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly detail: Record<string, unknown> | undefined

  constructor(code: ErrorCode, publicText?: string, options: { cause?: unknown; detail?: Record<string, unknown> } = {}) {
    super(publicText ?? ERROR_CODES[code].text, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.detail = options.detail
  }
}

export const isAppError = (error: unknown): error is AppError => error instanceof Error && error.name === 'AppError' && 'code' in error
