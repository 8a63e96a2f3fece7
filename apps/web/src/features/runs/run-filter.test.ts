import type { RunFilter } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { filterToCommand, filterToQuery, queryToFilter } from './run-filter.ts'

describe('the filter of the runs list', () => {
  it.each<RunFilter>([
    {},
    { states: ['Failed', 'Late', 'waiting'] },
    { deployment: 'etl', pool: 'local', tag: 'team: data & more', search: 'a=b&c' },
  ])('survives the way through the address: %j', (filter) => {
    expect(queryToFilter(new URLSearchParams(filterToQuery(filter).toString()))).toEqual(filter)
  })

  it('drops what makes no sense instead of failing', () => {
    expect(queryToFilter(new URLSearchParams('state=Nonsense,Failed,Failed&deployment=%20&q='))).toEqual({ states: ['Failed'] })
  })

  it('says the same list as a command, quoted for a shell', () => {
    expect(filterToCommand({ states: ['Failed'], deployment: 'etl', search: "it's late" })).toBe(
      "towline runs ls --state Failed --deployment etl --search 'it'\\''s late'",
    )
  })
})
