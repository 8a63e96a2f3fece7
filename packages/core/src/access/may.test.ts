import { ROLES, type Role } from '@towline/contract/views'
import { describe, expect, it } from 'vitest'
import { ACTIONS, type Action, leastRole, may } from './may.ts'

const actions = Object.keys(ACTIONS) as Action[]
const allowed = (role: Role) => actions.filter((action) => may(role, action))

describe('may', () => {
  it('lets an owner do everything', () => {
    expect(allowed('owner')).toEqual(actions)
  })

  it('lets a viewer read all but the audit, and revoke keys of their own, and nothing else', () => {
    expect(allowed('viewer').filter((action) => !action.endsWith('.read'))).toEqual(['keys.revoke-own'])
    expect(actions.filter((action) => action.endsWith('.read') && !may('viewer', action))).toEqual(['audit.read'])
  })

  it('lets an operator run, cancel, retry, pause and set limits, but manage nothing', () => {
    for (const action of ['runs.create', 'runs.cancel', 'runs.retry', 'pools.pause', 'deployments.pause', 'limits.set'] as const)
      expect(may('operator', action)).toBe(true)
    expect(allowed('operator').some((action) => action.endsWith('.manage'))).toBe(false)
  })

  it('lets an admin manage pools, deployments and keys, but not the workspace itself', () => {
    for (const action of ['pools.manage', 'deployments.manage', 'keys.manage'] as const) expect(may('admin', action)).toBe(true)
    expect(may('admin', 'workspace.update')).toBe(false)
  })

  it('shows the audit to owners and admins', () => {
    expect(ROLES.filter((role) => may(role, 'audit.read'))).toEqual(['owner', 'admin'])
  })

  it('never takes away from a stronger role what a weaker one may', () => {
    for (const action of actions) {
      const answers = ROLES.map((role) => may(role, action))
      expect(answers.indexOf(false) === -1 || !answers.slice(answers.indexOf(false)).includes(true)).toBe(true)
    }
  })

  it('names the least role that a refusal asks for', () => {
    for (const action of actions) expect(may(leastRole(action), action)).toBe(true)
  })
})
