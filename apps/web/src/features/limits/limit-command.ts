import type { LimitView } from '@towline/contract/limit-views'

type Named = Pick<LimitView, 'kind' | 'name'>
type Setting = Pick<LimitView, 'slots' | 'rate'>

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const WINDOWS = [
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

const quoted = (text: string): string => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** As the CLI takes it: a tag by itself, unless it reads like another kind or an id. */
const typedName = ({ kind, name }: Named): string =>
  quoted(kind === 'tag' && !/^(pool|queue|deployment|tag):/.test(name) && !UUID.test(name) ? name : `${kind}:${name}`)

/** The same in a terminal. */
export const holdersCommand = (limit: Named): string => `towline limits holders ${typedName(limit)}`

export const setCommand = (limit: Named, { slots, rate }: Setting): string => {
  const [unit, size] = WINDOWS.find(([, seconds]) => (rate?.windowSeconds ?? 0) % seconds === 0) ?? WINDOWS[2]
  return [
    `towline limits set ${typedName(limit)}`,
    slots === null ? '--slots none' : String(slots),
    rate && `--rate ${rate.count}/${rate.windowSeconds / size}${unit}`,
  ]
    .filter(Boolean)
    .join(' ')
}
