import { expect, it } from 'vitest'
import { filterToCommand, filterToQuery, queryToFilter } from './audit-filter.ts'
import { differencesOf, subjectHref, untoldOf } from './change-words.ts'

it('a filter survives the address, and what makes no sense in it is dropped', () => {
  const filter = { actor: 'Ada (laptop)', action: 'limit.change', subject: 'pool:eu' }
  expect(queryToFilter(new URLSearchParams(filterToQuery(filter).toString()))).toEqual(filter)
  expect(queryToFilter(new URLSearchParams('tab=audit&action=DROP TABLE&actor=  &subject=db'))).toEqual({ subject: 'db' })
})

it('a filter is the same list in a terminal', () => {
  expect(filterToCommand({})).toBe('towline audit ls')
  expect(filterToCommand({ actor: "O'Hara", action: 'limit' })).toBe(`towline audit ls --actor 'O'\\''Hara' --action limit`)
})

it('differences read from what it was to what it is; a new thing tells only what it has', () => {
  expect(differencesOf({ before: { slots: 3, rate: null }, after: { slots: 2, rate: { count: 5, windowSeconds: 60 } } })).toEqual([
    { name: 'slots', from: '3', to: '2' },
    { name: 'rate', from: 'none', to: '5 per minute' },
  ])
  expect(differencesOf({ before: null, after: { slots: 2, rate: null, description: '', paused: false } })).toEqual([
    { name: 'slots', from: null, to: '2' },
    { name: 'paused', from: null, to: 'no' },
  ])
  expect(differencesOf({ before: { paused: false }, after: {} })).toEqual([{ name: 'paused', from: 'no', to: 'none' }])
  expect(differencesOf({ before: null, after: null })).toEqual([])
})

it('what the sentence says already is not said again, and ids are told by the names that they stand for', () => {
  const entry = { action: 'limit.change', text: 'changed the limit: slots 3 → 2, description', before: { slots: 3, description: 'a' } }
  expect(untoldOf({ ...entry, after: { slots: 2, description: 'b' } })).toEqual([{ name: 'description', from: 'a', to: 'b' }])
  expect(untoldOf({ ...entry, action: 'pool.pause', text: 'paused', before: { paused: false }, after: { paused: true } })).toEqual([])
  expect(differencesOf({ before: { holder: 'amber-otter', runId: 'x' }, after: null })).toEqual([
    { name: 'holder', from: 'amber-otter', to: null },
  ])
})

it('a subject leads to its page, unless it was deleted or nobody here knows its kind', () => {
  const subject = { kind: 'queue', id: 'x', name: 'eu/night' }
  expect(subjectHref({ action: 'queue.change', subject })).toBe('/pools/eu?tab=queues')
  expect(subjectHref({ action: 'queue.delete', subject })).toBeNull()
  expect(subjectHref({ action: 'asset.change', subject: { ...subject, kind: 'asset' } })).toBeNull()
})
