/** Throw it from a task to fail at once, whatever retries are left. */
export class NonRetryableError extends Error {
  override readonly name = 'NonRetryableError'
}

/** A flow or a task ran longer than its `timeoutSeconds`. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** The run was cancelled, or what it belonged to has ended. It is the reason of the `signal` in that case. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'
}

/** The parameters do not match the schema of the flow. */
export class InvalidParametersError extends Error {
  override readonly name = 'InvalidParametersError'
}

export const messageOf = (error: unknown): string => {
  if (error instanceof Error) return error.message || error.name
  try {
    return typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error))
  } catch {
    return String(error)
  }
}
