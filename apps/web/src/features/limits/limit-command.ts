import type { LimitView } from '@towline/contract/limit-views'

const quoted = (text: string): string => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** The same in a terminal. */
export const limitCommand = (verb: 'holders' | 'set' | 'rm', { kind, name }: Pick<LimitView, 'kind' | 'name'>): string =>
  `towline limits ${verb} --${kind} ${quoted(name)}`
