const codes = new Set([
  // connection failures of the operating system
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  // PostgreSQL: shutting down, crashed, starting, too many clients, serialisation, deadlock, lock timeout, idle in transaction
  ...['57P01', '57P02', '57P03', '53300', '40001', '40P01', '55P03', '25P03'],
  // Prisma: unreachable, timed out, connection closed, pool timeout, write conflict
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034'],
])
const texts =
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i

/** Whether the same call may well succeed later: the database was away, busy or restarting. Looks through causes. */
export const isTransientDbError = (error: unknown, depth = 0): boolean => {
  if (typeof error !== 'object' || error === null || depth > 5) return false
  const { code, message, cause, errors } = error as { code?: unknown; message?: unknown; cause?: unknown; errors?: unknown }
  if (typeof code === 'string' && (codes.has(code) || /^08...$/.test(code))) return true
  if (typeof message === 'string' && texts.test(message)) return true
  if (Array.isArray(errors) && errors.some((inner) => isTransientDbError(inner, depth + 1))) return true
  return isTransientDbError(cause, depth + 1)
}
