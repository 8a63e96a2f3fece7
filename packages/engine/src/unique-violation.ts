/** True when a row of that kind exists already: what PostgreSQL, or Prisma above it, says when a unique index refuses. */
export const isUniqueViolation = (error: unknown): boolean => {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ('code' in cause && (cause.code === '23505' || cause.code === 'P2002')) return true
  }
  return false
}
