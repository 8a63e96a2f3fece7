import type { ReusableView } from './views.ts'

const tasks = (count: number): string => `${count} finished ${count === 1 ? 'task' : 'tasks'}`
const MAX_REASONS = 3

/** What a retry from failed takes over, and what it runs again and why; the same words in the dashboard, the CLI and refusals. */
export const reuseWords = ({ tasks: count, others }: ReusableView): string => {
  const again = others.reduce((sum, other) => sum + other.tasks, 0)
  const kept = count === 0 ? '' : `Takes over the ${count === 1 ? 'result' : 'results'} of ${tasks(count)}.`
  if (again === 0) return kept
  const reasons = others.slice(0, MAX_REASONS).map((other) => `${other.reason} (${other.tasks})`)
  if (others.length > MAX_REASONS) reasons.push('other reasons')
  const why = others.length === 1 ? others[0]?.reason : reasons.join(', ')
  return `${kept}${kept && ' '}${tasks(again)} ${again === 1 ? 'runs' : 'run'} again: ${why}.`
}
