const DAY_MS = 86_400_000

/** The beginning of the first day that is kept: whole days of UTC, as the partitions are. */
export const keptFrom = (now: Date, keptDays: number): Date => new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS - keptDays * DAY_MS)
