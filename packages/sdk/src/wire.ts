import type { LogLine } from '@towline/contract/frames'
import type { MAX_VALUE_BYTES as MaxValueBytes } from '@towline/contract/json'
import type { PastResults as PastPage, PastResult, ReportItem, ReportResponse } from '@towline/contract/run-api'
import type { RUN_ENV as RunEnv } from '@towline/contract/run-spec'

/**
 * The few constants of the wire that the SDK needs, repeated here and checked against the contract by type and by test:
 * importing the schemas themselves would make every run load a schema library before the first line of user code.
 */
export const RUN_ENV: typeof RunEnv = {
  apiUrl: 'TOWLINE_API_URL',
  token: 'TOWLINE_RUN_TOKEN',
  runId: 'TOWLINE_RUN_ID',
  runName: 'TOWLINE_RUN_NAME',
  attempt: 'TOWLINE_ATTEMPT',
  deployment: 'TOWLINE_DEPLOYMENT',
  flow: 'TOWLINE_FLOW',
  parameters: 'TOWLINE_PARAMETERS',
  reuse: 'TOWLINE_REUSE',
}
export const REPORT_PATH = '/v1/run/report'
export const SLOTS_PATH = '/v1/run/slots'
export const RESULTS_PATH = '/v1/run/results'
export const SLOT_HOLD_SECONDS = 25
export const MAX_VALUE_BYTES: typeof MaxValueBytes = 64 * 1024
export const MAX_REPORT_BYTES = 1024 * 1024
export const MAX_LOG_LINE_CHARS = 16_000
export const MAX_BATCH = 1000

type WithoutPosition<T> = T extends unknown ? Omit<T, 'seq' | 'at'> : never
/** Something to report; the sink gives it its number and its time. */
export type NewItem = WithoutPosition<ReportItem>
export type NewLine = Omit<LogLine, 'seq' | 'at'>
export type { PastPage, PastResult }
export type Stop = NonNullable<ReportResponse['stop']>

/** Where the states and log lines of a run go: to the control plane, to the terminal, or nowhere. */
export interface Sink {
  item: (item: NewItem) => void
  log: (line: NewLine) => void
}

export const silentSink: Sink = { item: () => undefined, log: () => undefined }

/** PostgreSQL stores neither NUL nor half a surrogate pair, so they are shown instead of losing the line. */
export const cleanText = (text: string, max: number, note = ''): string => {
  const whole = text.includes('\0') ? text.replaceAll('\0', '\u2400') : text
  const short = whole.length > max ? `${whole.slice(0, max - note.length)}${note}` : whole
  return short.replace(/\p{Surrogate}/gu, '\ufffd')
}
