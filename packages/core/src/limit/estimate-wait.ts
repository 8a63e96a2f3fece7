type Facts = {
  slots: number | null
  /** What it takes of the slots, and its place in line, from 1. */
  weight: number
  place: number
  /** Who holds slots of the limit, and for how long by now. */
  holders: readonly { ageMs: number; weight: number }[]
  /** How long those kept their slots who gave them back lately. */
  lately: readonly number[]
}

const middle = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.POSITIVE_INFINITY

/**
 * How long until it is its turn (ms), if holders keep their slots as long as lately and whoever stands before it takes as much. A holder that has its slot for
 * some time already gives it back like those of lately who kept theirs for longer than that; one that has it for longer than all of them says nothing of
 * when, so where its slot is needed there is no estimate: null.
 */
export const estimateWait = ({ slots, weight, place, holders, lately }: Facts): number | null => {
  if (slots === null || weight < 1 || weight > slots || lately.length === 0) return null
  const sorted = [...lately].sort((a, b) => a - b)
  const held = middle(sorted)
  const left = (ageMs: number): number => middle(sorted.filter((ms) => ms > ageMs)) - ageMs
  const given = holders.flatMap((holder) => new Array<number>(holder.weight).fill(left(holder.ageMs))).sort((a, b) => a - b)
  // Lowered below its use, the limit lets nobody in before the first slots are back.
  const free = [...new Array<number>(Math.max(0, slots - given.length)).fill(0), ...given.slice(Math.max(0, given.length - slots))]
  // Those who are let in give back one after the other, so both lists are in order and the next slot is at the head of one of them.
  const taken: number[] = []
  let fromFree = 0
  let fromTaken = 0
  const next = (): number => {
    const one = free[fromFree] ?? Number.POSITIVE_INFINITY
    const other = taken[fromTaken] ?? Number.POSITIVE_INFINITY
    if (one <= other) fromFree += 1
    else fromTaken += 1
    return Math.min(one, other)
  }
  let start = 0
  for (let turn = 1; turn <= place; turn += 1) {
    for (let slot = 0; slot < weight; slot += 1) start = Math.max(start, next())
    if (start === Number.POSITIVE_INFINITY) return null
    for (let slot = 0; slot < weight; slot += 1) taken.push(start + held)
  }
  return start
}
