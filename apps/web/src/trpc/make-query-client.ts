import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { readError } from './read-error.ts'

const HOPELESS = new Set(['invalid_input', 'unauthenticated', 'key_revoked', 'key_expired', 'forbidden', 'not_found', 'conflict'])
const SIGN_IN_PAGES = ['/sign-in', '/sign-up']

/** A session that ended sends its reader to sign in, and back to the same page afterwards. */
const toSignIn = (error: unknown) => {
  if (readError(error).code !== 'unauthenticated' || SIGN_IN_PAGES.includes(location.pathname)) return
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
}

export const makeQueryClient = () =>
  new QueryClient({
    queryCache: new QueryCache({ onError: toSignIn }),
    mutationCache: new MutationCache({ onError: toSignIn }),
    defaultOptions: {
      queries: {
        // The live stream says when something is out of date; this only bounds how long a missed notice can matter.
        staleTime: 30_000,
        retry: (failures, error) => failures < 3 && !HOPELESS.has(readError(error).code),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5000),
      },
    },
  })
