/** Names a holder or waiter in decisions: a run by its id, a task run by `<run id>/<key>`. Sorts as the line in the database does. */
export const holderKey = (runId: string, taskKey: string | null): string => (taskKey === null ? runId : `${runId}/${taskKey}`)

export const holderOf = (key: string): { runId: string; taskKey: string | null } => {
  const slash = key.indexOf('/')
  return slash < 0 ? { runId: key, taskKey: null } : { runId: key.slice(0, slash), taskKey: key.slice(slash + 1) }
}
