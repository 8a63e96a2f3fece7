import type { Role } from '@towline/contract/views'

export type Person = { id: string; email: string; name: string }
export type Key = { id: string; name: string }

/** Who asks. A key speaks for its person in one workspace; a session names its workspace with each call. */
export type Caller = { kind: 'nobody' } | { kind: 'session'; user: Person } | { kind: 'key'; user: Person; key: Key; workspaceId: string }

/** As people read it: a key is named after its person. */
export const actorName = (caller: Exclude<Caller, { kind: 'nobody' }>): string =>
  caller.kind === 'key' ? `${caller.user.name} (${caller.key.name})` : caller.user.name

/** The workspace of a call, and in which role and under which name the caller acts in it. */
export type Tenant = { id: string; slug: string; name: string; role: Role; userId: string; actor: string }
