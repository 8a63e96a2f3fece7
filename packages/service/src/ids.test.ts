import { describe, expect, it } from 'vitest'
import { idDay, idTime } from './id-time.ts'
import { newId } from './new-id.ts'

describe('newId', () => {
  it('sorts in the order of creation, also within a millisecond and at a given time', () => {
    const at = new Date('2026-03-01T00:00:00.123Z')
    const given = Array.from({ length: 5000 }, () => newId(at))
    expect(given).toEqual(given.toSorted())
    expect(new Set(given).size).toBe(5000)
    const now = Array.from({ length: 5000 }, () => newId())
    expect(now).toEqual(now.toSorted())
  })

  it('is a UUID of version 7', () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('idTime, idDay', () => {
  it.each(['1970-01-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'gives back %s',
    (text) => {
      const id = newId(new Date(text))
      expect(idTime(id).toISOString()).toBe(text)
      expect(idDay(id)).toBe(text.slice(0, 10))
    },
  )
})
