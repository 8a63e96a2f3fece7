'use client'

import { toast } from 'sonner'
import { readError } from './read-error.ts'

/** Says what did not happen, why, and the id to quote. */
export const toastError = (what: string) => (error: unknown) => {
  const told = readError(error)
  toast.error(what, { description: told.id ? `${told.message} (${told.id})` : told.message, duration: 8000 })
}
