import { taskStateSchema } from '@towline/contract/run-api'
import { STATE_NAMES } from '@towline/contract/states'
import { describe, expect, it } from 'vitest'
import { glyphSvg } from './glyphs.ts'
import { STATE_LOOK, TASK_LOOK, taskLook } from './state-look.ts'

describe('the look of states', () => {
  it('exists for every state of runs and tasks', () => {
    expect(Object.keys(STATE_LOOK).sort()).toEqual(Object.keys(STATE_NAMES).sort())
    expect(Object.keys(TASK_LOOK).sort()).toEqual([...taskStateSchema.options].sort())
  })

  it('shows a task that was taken over as cached, and one in line as waiting', () => {
    const task = { state: 'COMPLETED', reusedFrom: null, waiting: null } as const
    expect(taskLook(task)).toBe(STATE_LOOK.Completed)
    expect(taskLook({ ...task, reusedFrom: 1 })).toBe(STATE_LOOK.Cached)
    expect(taskLook({ ...task, state: 'PENDING', waiting: {} })).toBe(STATE_LOOK.AwaitingSlot)
  })

  it('never tells two final outcomes apart by colour alone', () => {
    const finals = (['Completed', 'Cached', 'Failed', 'TimedOut', 'Crashed', 'Cancelled'] as const).map((name) => STATE_LOOK[name].glyph)
    expect(new Set(finals).size).toBe(finals.length)
  })

  it('draws a favicon of every shape', () => {
    for (const look of Object.values(STATE_LOOK)) expect(glyphSvg(look.glyph, '#123456')).toContain('#123456')
  })
})
