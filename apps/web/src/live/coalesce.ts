/**
 * Turns a storm of notices about one list into refetches that never overlap: a notice during a refetch causes exactly
 * one more after it, and two starts are at least `gapMs` apart, however fast the notices come.
 */
export const coalesce = (
  refetch: () => Promise<unknown>,
  gapMs: number,
  wait = (ms: number) => new Promise((done) => setTimeout(done, ms)),
) => {
  let wanted = false
  let working = false

  const work = async () => {
    working = true
    while (wanted) {
      wanted = false
      await refetch().catch(() => undefined)
      await wait(gapMs)
    }
    working = false
  }

  return (): void => {
    wanted = true
    if (!working) void work()
  }
}
