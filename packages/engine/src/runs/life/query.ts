/** A prepared statement with its values, ready to be sent. */
export type Query = { name?: string; text: string; values?: unknown[] }

export type Answer = { rows: unknown[] }
