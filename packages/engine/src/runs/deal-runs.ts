/** An agent with room for `credits` more runs. */
export type Taker = { agentId: string; agentName: string; credits: number }

/** Deals one run to each agent in turn, the one with the most room first, nobody more than its credit: a few runs spread, many fill all. */
export const dealRuns = <Run>(runs: readonly Run[], takers: readonly Taker[]): [Run, Taker][] => {
  let line = takers.filter((taker) => taker.credits > 0).map((taker) => ({ taker, left: taker.credits }))
  line.sort((a, b) => b.left - a.left)
  const dealt: [Run, Taker][] = []
  let next = 0
  while (dealt.length < runs.length && line.length > 0) {
    const round = line.slice(0, runs.length - next)
    for (const place of round) {
      dealt.push([runs[next] as Run, place.taker])
      place.left -= 1
      next += 1
    }
    line = line.filter((place) => place.left > 0)
  }
  return dealt
}
