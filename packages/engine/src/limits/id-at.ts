/** The smallest id that can have been made at a moment: ids sort by time, so a search of recent rows can begin there. */
export const idAt = (at: Date): string => {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
