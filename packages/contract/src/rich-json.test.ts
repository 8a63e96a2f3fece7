import { describe, expect, it } from 'vitest'
import { type RichJson, richJson } from './rich-json.ts'

const sent = (value: unknown): unknown => richJson.deserialize(JSON.parse(JSON.stringify(richJson.serialize(value))) as RichJson)
const at = new Date('2026-05-04T10:00:00.123Z')

describe('rich JSON', () => {
  it.each<[string, unknown]>([
    ['a date alone', at],
    ['nothing', undefined],
    ['null', null],
    ['text that looks like a date', '2026-05-04T10:00:00.123Z'],
    ['dates in lists and objects', { items: [{ at, name: 'a' }, { at: null }], next: null, deep: { er: [[at]] } }],
    ['keys with dots and backslashes', { 'a.b': { 'c\\d': at, '..': at, '\\.': at } }],
    ['the empty key', { '': at }],
  ])('carries %s unchanged', (_name, value) => {
    expect(sent(value)).toEqual(value)
  })

  it('says where the dates are as superjson does', () => {
    expect(JSON.parse(JSON.stringify(richJson.serialize({ items: [{ 'x.y': at }], n: 1 })))).toEqual({
      json: { items: [{ 'x.y': '2026-05-04T10:00:00.123Z' }], n: 1 },
      meta: { values: { 'items.0.x\\.y': ['Date'] }, v: 1 },
    })
    expect(richJson.serialize({ n: 1 })).toEqual({ json: { n: 1 } })
  })

  it('reads what superjson writes for an absent value', () => {
    expect(richJson.deserialize({ json: { a: null, b: 1 }, meta: { values: { a: ['undefined'] } } })).toEqual({ a: undefined, b: 1 })
  })

  it('sends a date that is none as null', () => {
    expect(sent({ at: new Date('nonsense') })).toEqual({ at: null })
    expect(sent(new Date('nonsense'))).toBe(null)
  })

  it('lets a path from outside reach nothing but what was sent', () => {
    const message = (path: string) =>
      ({ json: { a: {}, toString: 'x' }, meta: { values: { [path]: ['undefined'] } } }) as unknown as RichJson
    for (const path of ['__proto__.polluted', 'constructor.prototype.polluted', 'a.b.c', '']) richJson.deserialize(message(path))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.hasOwn(Object.prototype, 'toString')).toBe(true)
    expect(richJson.deserialize({ json: null, meta: { values: { a: ['Date'] } } })).toBe(null)
  })
})
