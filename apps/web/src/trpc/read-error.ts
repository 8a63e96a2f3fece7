import { ERROR_CODES, type ErrorCode } from '@towline/contract/errors'

export type ReadableError = { code: ErrorCode; message: string; id: string | null }

const isCode = (value: unknown): value is ErrorCode => typeof value === 'string' && value in ERROR_CODES

/** What to tell a person about anything that a call threw: the server's own words and the id that its log knows. */
export const readError = (error: unknown): ReadableError => {
  const data = (error as { data?: { towline?: { code?: unknown; message?: unknown; id?: unknown } } } | null)?.data
  const told = data?.towline
  if (told && isCode(told.code)) {
    return {
      code: told.code,
      message: String(told.message ?? ERROR_CODES[told.code].text),
      id: typeof told.id === 'string' ? told.id : null,
    }
  }
  if (data) return { code: 'internal', message: error instanceof Error ? error.message : ERROR_CODES.internal.text, id: null }
  return {
    code: 'unavailable',
    message: 'The control plane did not answer. Check your connection; the page tries again by itself.',
    id: null,
  }
}
