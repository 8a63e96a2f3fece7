export type LoginStatus = 'pending' | 'approved' | 'denied' | 'expired'

type Row = { expires_at: Date; approved_by: string | null; denied_at: Date | null; consumed_at: Date | null }

/** One answer for both sides: the CLI that polls and the person who approves. */
export const loginStatus = (row: Row, now: Date): LoginStatus => {
  if (row.denied_at !== null) return 'denied'
  if (row.approved_by !== null && row.consumed_at !== null) return 'approved'
  if (row.expires_at <= now) return 'expired'
  return row.approved_by === null ? 'pending' : 'approved'
}
