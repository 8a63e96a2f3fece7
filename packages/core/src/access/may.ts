import { ROLES, type Role } from '@towline/contract/views'

/** Who may do what: the least role that each action needs. Roles are ordered, so one table answers every question. */
export const ACTIONS = {
  'workspace.read': 'viewer',
  'workspace.update': 'owner',
  'guide.dismiss': 'operator',
  'pools.read': 'viewer',
  'pools.pause': 'operator',
  'pools.manage': 'admin',
  'agents.read': 'viewer',
  'keys.read': 'viewer',
  'keys.manage': 'admin',
  /** Your own user keys: a key never holds more than the role of its person. */
  'keys.revoke-own': 'viewer',
  'deployments.read': 'viewer',
  'deployments.pause': 'operator',
  'deployments.manage': 'admin',
  'limits.read': 'viewer',
  /** Limits are turned up and down while things run, by those who run them. */
  'limits.set': 'operator',
  /** Who changed what in the whole workspace. The changes of one limit are part of it, and everybody sees those. */
  'audit.read': 'admin',
  'runs.read': 'viewer',
  'runs.create': 'operator',
  'runs.cancel': 'operator',
  'runs.retry': 'operator',
} as const satisfies Record<string, Role>

export type Action = keyof typeof ACTIONS

/** ROLES is ordered from the strongest to the weakest. */
const rank = (role: Role): number => ROLES.length - ROLES.indexOf(role)

export const may = (role: Role, action: Action): boolean => rank(role) >= rank(ACTIONS[action])

/** For the text of a refusal: the least role that would be allowed. */
export const leastRole = (action: Action): Role => ACTIONS[action]
