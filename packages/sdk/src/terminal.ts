import { glyphOf, paint, STATE_GLYPHS, TASK_STATE_NAMES, wantsColor } from '@towline/contract/glyphs'
import type { StateName } from '@towline/contract/states'
import type { NewItem, NewLine, Sink } from './wire.ts'

const LEVEL_SGR = { debug: '90', info: '36', warn: '33', error: '31' } as const

const guarded = new WeakSet<NodeJS.WriteStream>()

/** Whoever read the states has seen enough (`node flow.js | head`); the flow goes on. */
const ignoreClosedPipe = (stream: NodeJS.WriteStream): void => {
  if (guarded.has(stream)) return
  guarded.add(stream)
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

/** States as the dashboard shows them, log lines beneath, on one stream in the order in which they happened. */
export class Terminal implements Sink {
  readonly #flow: string
  readonly #color: boolean
  readonly #started = new Map<string, number>()
  readonly #write: (text: string) => void

  constructor(flow: string, stream: NodeJS.WriteStream = process.stdout) {
    this.#flow = flow
    this.#color = wantsColor(process.env, stream.isTTY === true)
    this.#write = (text) => void stream.write(`${text}\n`)
    ignoreClosedPipe(stream)
  }

  item(item: NewItem): void {
    if (item.kind === 'task') {
      if (item.state === 'RUNNING' && item.try === 1) this.#started.set(item.key, performance.now())
      const took = item.state === 'COMPLETED' || item.state === 'FAILED' ? this.#took(item.key) : ''
      // Why it failed or is tried again is in the log line above it.
      const message = item.state === 'CANCELLED' && item.message ? `: ${item.message.split('\n')[0]}` : ''
      const { glyph, sgr } = glyphOf(TASK_STATE_NAMES[item.state])
      this.#line(`  ${paint(glyph, sgr, this.#color)} ${item.key}  ${TASK_STATE_NAMES[item.state]}${took}${message}`)
      return
    }
    if (item.kind === 'run.running') this.#started.set('', performance.now())
    if (item.kind === 'run.running') this.state('Running')
    else if (item.kind === 'run.completed') this.state('Completed', this.#took('').trim())
    else this.state(item.timedOut ? 'TimedOut' : 'Failed', item.message)
  }

  state(name: StateName, message = ''): void {
    const { glyph, sgr } = STATE_GLYPHS[name]
    this.#line(`${paint(glyph, sgr, this.#color)} ${paint(this.#flow, '1', this.#color)}  ${name}${message ? `  ${message}` : ''}`)
  }

  log(line: NewLine): void {
    const level = line.level ?? 'info'
    const indent = '      '
    const where = line.task ? paint(` ${line.task}`, '90', this.#color) : ''
    this.#line(
      `    ${paint(level.padEnd(5), LEVEL_SGR[level], this.#color)}${where} ${line.text.replaceAll('\n', `\n              ${indent}`)}`,
    )
  }

  #took(key: string): string {
    const started = this.#started.get(key)
    if (started === undefined) return ''
    const ms = performance.now() - started
    return ms < 1000 ? `  ${Math.round(ms)} ms` : `  ${(ms / 1000).toFixed(1)} s`
  }

  #line(text: string): void {
    this.#write(`${paint(new Date().toISOString().slice(11, 23), '90', this.#color)}  ${text}`)
  }
}
