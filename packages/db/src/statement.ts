export type Statement = { name: string; text: string }

const taken = new Map<string, string>()

/**
 * A statement that each connection prepares once. `tx.query({ ...claimRuns, values })`. Names are unique in a process: pg would run
 * the text that a connection has seen first under a name. The name also leads the text, so that logs and pg_stat_statements show it.
 */
export const statement = (name: string, text: string): Statement => {
  const known = taken.get(name)
  if (known !== undefined && known !== text) throw new Error(`Two statements are called ${name}`)
  taken.set(name, text)
  return { name, text: `/* ${name} */ ${text}` }
}
