import { appendFileSync, readFileSync } from 'node:fs'
import { monotonicMs } from '../../bench/stats.ts'

/** What holders write of themselves, in one file for all processes, by one clock. It outlives a kill -9. */
export type Mark =
  | {
      mark: 'start'
      at: number
      pid: number
      run: string
      attempt: number
      /** null: the run itself. */
      task: string | null
      deployment: string
      tags: string[]
      slots: Record<string, number> | null
    }
  | { mark: 'end'; at: number; pid: number; run: string; attempt: number; task: string | null; why: string }
  /** Written for an agent that was killed: whatever it held ended with it. */
  | { mark: 'death'; at: number; pid: number }
  /** The control plane refused something that it should take. */
  | { mark: 'refusal'; at: number; pid: number; text: string }

type Unstamped<M> = M extends Mark ? Omit<M, 'at' | 'pid'> : never

export const writeMark = (file: string, mark: Unstamped<Mark>, pid = process.pid): void =>
  appendFileSync(file, `${JSON.stringify({ ...mark, at: monotonicMs(), pid })}\n`)

export const readMarks = (file: string): Mark[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Mark)
