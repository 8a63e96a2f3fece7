/** The moment that a UUID v7 carries in its first 48 bits. */
export const idTime = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))

/** The UTC day of a UUID v7 as 'YYYY-MM-DD': the partition in which everything of a run lies. */
export const idDay = (id: string): string => idTime(id).toISOString().slice(0, 10)
