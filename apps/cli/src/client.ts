import { richJson } from '@towline/contract/rich-json'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'
import type { AppRouter } from './api-types.ts'
import { callHttp } from './call-http.ts'
import { CliError, EXIT } from './cli-error.ts'
import { currentSession, type Session } from './config.ts'

/** Whoever answered there is no control plane: a proxy, or something else on the port. */
class ForeignAnswer extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

const callApi: LinkFetch = async (url, init) => {
  const { method, headers, body, signal } = init ?? {}
  const answer = await callHttp(String(url), {
    method,
    headers: headers as Record<string, string>,
    body: typeof body === 'string' ? body : undefined,
    signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!answer.contentType.includes('json')) throw new ForeignAnswer(answer.status)
  return answer
}

type LinkFetch = NonNullable<Parameters<typeof httpLink>[0]['fetch']>

export type Api = ReturnType<typeof createApi>

/** A command waits longer than this for nothing. */
const TIMEOUT_MS = 60_000

export const createApi = ({ url, key }: { url: string; key: string | null }) =>
  createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/api/trpc`,
        transformer: richJson,
        headers: { 'x-towline-client': 'cli', ...(key ? { authorization: `Bearer ${key}` } : {}) },
        fetch: callApi,
      }),
    ],
  })

export const connect = (): { api: Api; session: Session } => {
  const session = currentSession()
  return { api: createApi(session), session }
}

interface ErrorData {
  code?: string
  towline?: { code: string; message: string; id: string }
}

export const errorCodeOf = (error: unknown): string | null => {
  if (!(error instanceof TRPCClientError)) return null
  const data = error.data as ErrorData | null | undefined
  return data?.towline?.code ?? null
}

const SIGN_IN_CODES = new Set(['unauthenticated', 'key_revoked', 'key_expired'])

/** Every failure of a call, in words and with an exit code. */
export const explainApiError = (error: unknown, url: string): CliError | null => {
  if (!(error instanceof TRPCClientError)) return null
  const code = errorCodeOf(error)
  if (code !== null) {
    if (SIGN_IN_CODES.has(code)) return new CliError(lower(error.message), { exit: EXIT.signedOut, remedy: 'towline login', cause: error })
    const exit = code === 'unavailable' ? EXIT.unreachable : EXIT.failed
    return new CliError(lower(error.message), { exit, cause: error })
  }
  if (error.cause instanceof ForeignAnswer) {
    return new CliError(`${url} answered ${error.cause.status}, but not as a Towline control plane does`, {
      exit: EXIT.unreachable,
      remedy: 'towline login --url <control plane>',
      cause: error,
    })
  }
  return unreachable(url, error)
}

export const unreachable = (url: string, cause: unknown): CliError =>
  new CliError(`the control plane at ${url} cannot be reached${reasonOf(cause)}`, {
    exit: EXIT.unreachable,
    remedy: 'check that it runs (npm start), or towline login --url <control plane>',
    cause,
  })

const reasonOf = (error: unknown): string => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return ` (${cause.code})`
    if (cause.name === 'TimeoutError') return ' (no answer in time)'
    if (cause instanceof AggregateError && cause.errors[0]) return reasonOf(cause.errors[0])
  }
  return ''
}

/** Sentences of the API start with a capital; ours follow "error: ". */
const lower = (text: string): string =>
  (/^[A-Z][a-z]/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text).replace(/\.$/, '')
