/** "All ids of this topic", for when a list would be too long to be worth reading. */
export const everything = '*'

/** PostgreSQL refuses payloads of 8000 bytes and more. */
const maxBytes = 7900

/** One topic's ids as payloads `topic id id …`, each short enough for a NOTIFY. */
export const toNotices = (topic: string, ids: readonly string[] | typeof everything): string[] => {
  if (ids === everything) return [`${topic} ${everything}`]
  const notices: string[] = []
  let notice = topic
  for (const id of ids) {
    if (notice.length + 1 + id.length > maxBytes) {
      notices.push(notice)
      notice = topic
    }
    notice += ` ${id}`
  }
  notices.push(notice)
  return notices
}

export const parseNotice = (payload: string): { topic: string; ids: string[] | typeof everything } => {
  const [topic = '', ...ids] = payload.split(' ')
  return { topic, ids: ids[0] === everything ? everything : ids }
}
