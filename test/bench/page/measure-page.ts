import type { Page } from 'playwright-core'

export type PageFigures = {
  /** From the start of the navigation, in ms: the state is read, a task and a line are there and a key is answered, everything is there. */
  shownMs: number
  interactiveMs: number
  completeMs: number
  /** The longest time that the page answered nothing, in ms. */
  blockedMs: number
  receivedKb: number
  /** Frames while the logs were scrolled from end to end. */
  frameP50Ms: number
  frameP95Ms: number
  heapMb: number
}

type Expected = { tasks: number; lines: number }

/** Runs in the page before its own code: marks when things are there, by its own clock and without asking from outside. */
const observe = (): void => {
  const marks: Record<string, number> = {}
  const seen = (name: string) => {
    marks[name] ??= performance.now()
  }
  Object.assign(window, { __marks: marks, __blocked: 0 })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.__blocked = Math.max(window.__blocked, entry.duration)
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    if (document.querySelector('h1')) seen('shown')
    const rows = document.querySelector('[aria-label="Task runs"] button') && document.querySelector('[aria-label="Logs"] time')
    if (rows && marks.rows === undefined) {
      seen('rows')
      // Interactive: a task that is posted now gets its turn, and what it changes is painted.
      setTimeout(() => requestAnimationFrame(() => seen('interactive')))
    }
    if (marks.interactive === undefined) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

declare global {
  interface Window {
    __marks: Record<string, number>
    __blocked: number
  }
}

const scrollLogs = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const box = document.querySelector('[aria-label="Logs"]')
    if (!box) throw new Error('there are no logs to scroll')
    const frames: number[] = []
    const steps = 120
    let before = performance.now()
    for (let step = 0; step <= steps; step += 1) {
      box.scrollTop = (box.scrollHeight * step) / steps
      await new Promise((done) => requestAnimationFrame(done))
      frames.push(performance.now() - before)
      before = performance.now()
    }
    return frames.sort((a, b) => a - b)
  })

export const measurePage = async (page: Page, url: string, { tasks, lines }: Expected): Promise<PageFigures> => {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let received = 0
  session.on('Network.dataReceived', (event) => {
    received += event.encodedDataLength
  })
  await page.addInitScript(observe)
  await page.goto(url)
  await page.waitForFunction(() => window.__marks.interactive !== undefined, undefined, { timeout: 120_000 })
  await page.waitForFunction(
    (wanted) => wanted.every((text) => document.body.textContent?.includes(text)),
    [`of ${tasks.toLocaleString('en')} ended`, `${lines.toLocaleString('en')} lines`],
    { timeout: 240_000, polling: 50 },
  )
  const marks = await page.evaluate(
    () => ({ ...window.__marks, complete: performance.now(), blocked: window.__blocked }) as Record<string, number>,
  )
  const frames = await scrollLogs(page)
  const heap = await session.send('Runtime.getHeapUsage')
  await session.detach()
  const at = (name: string): number => marks[name] ?? Number.NaN
  return {
    shownMs: at('shown'),
    interactiveMs: at('interactive'),
    completeMs: at('complete'),
    blockedMs: at('blocked'),
    receivedKb: received / 1024,
    frameP50Ms: frames[Math.floor(frames.length / 2)] ?? Number.NaN,
    frameP95Ms: frames[Math.floor(frames.length * 0.95)] ?? Number.NaN,
    heapMb: heap.usedSize / 2 ** 20,
  }
}
