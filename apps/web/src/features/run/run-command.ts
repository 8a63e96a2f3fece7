import type { JsonObject } from '@towline/contract/json'

const shellQuoted = (text: string): string => (/^[\w.:@/=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** The command that starts a run like this one. */
export const runCommand = (run: { deployment: { name: string }; parameters: JsonObject }): string =>
  [
    `towline run ${run.deployment.name}`,
    ...Object.entries(run.parameters).map(
      ([key, value]) => `-p ${shellQuoted(`${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`,
    ),
    '--watch',
  ].join(' ')
