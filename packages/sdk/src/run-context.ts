export type LogFields = Record<string, unknown>
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Lines go to the page of the run, with the task that wrote them. `fields` are appended as `key=value`. */
export type Logger = Record<LogLevel, (message: string, fields?: LogFields) => void>

/** What the code of a flow or a task may know about where it runs. */
export interface RunContext {
  /** Aborted when the run is cancelled, its time is over, or the task's own time is over. Hand it to `fetch` and the like. */
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly flow: string
  /** Null outside the control plane. */
  readonly runId: string | null
  readonly runName: string
  readonly deployment: string | null
  /** Which launch of the run this is, from 1. */
  readonly attempt: number
  /** Null in the body of the flow itself. */
  readonly task: { readonly key: string; readonly name: string; readonly try: number } | null
}
