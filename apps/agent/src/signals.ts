/** Ctrl-C reaches the whole process group, and npm or a supervisor passes it on as well: that is one wish, not two. */
const SAME_WISH_MS = 300

/** The first signal, the second, and every later one are three different wishes. */
export const onSignals = (wishes: [(signal: string) => void, () => void, () => void]): void => {
  let count = 0
  let lastAt = 0
  const onSignal = (signal: string): void => {
    const now = Date.now()
    if (count > 0 && now - lastAt < SAME_WISH_MS) return
    lastAt = now
    count += 1
    if (count === 1) wishes[0](signal)
    else if (count === 2) wishes[1]()
    else wishes[2]()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
