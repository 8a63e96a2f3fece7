import { STATE_NAMES, type StateName } from '@towline/contract/states'
import type { DeploymentDetail, RunChange, RunDetail, RunEventView, WhoamiView } from '@towline/contract/views'

const at = new Date('2030-01-01T08:00:00.000Z')
const id = (n: number): string => `01990000-0000-7000-8000-00000000000${n}`

export const whoami: WhoamiView = {
  user: { id: id(1), email: 'ada@example.com', name: 'Ada' },
  key: { id: id(2), name: 'laptop', kind: 'user' },
  workspace: { id: id(3), slug: 'acme', name: 'Acme', role: 'owner' },
  workspaces: [],
}

export const runView = (state: StateName, changes: Partial<RunDetail> = {}): RunDetail => ({
  id: id(9),
  name: 'amber-otter',
  state: { name: state, type: STATE_NAMES[state], message: null, at },
  deployment: { id: id(4), name: 'etl' },
  flow: 'etl',
  pool: { id: id(5), name: 'local' },
  queueName: 'default',
  tags: [],
  attempt: 1,
  dueAt: at,
  createdAt: at,
  startedAt: at,
  endedAt: null,
  durationMs: 1234,
  waiting: null,
  parameters: {},
  variables: {},
  versionNumber: 1,
  createdBy: 'Ada',
  retriedFromId: null,
  retriesLeft: { failures: 0, crashes: 2 },
  timeoutSeconds: null,
  graceSeconds: 30,
  cancelRequestedAt: null,
  result: null,
  attempts: [],
  eventSeq: 1,
  reuses: false,
  reusable: null,
  gates: [],
  problem: null,
  ...changes,
})

export const deploymentView = (
  name: string,
  parameterSchema: DeploymentDetail['manifest']['parameterSchema'] = null,
): DeploymentDetail => ({
  id: id(4),
  name,
  flow: name,
  description: '',
  poolName: 'local',
  queueName: 'default',
  tags: ['nightly'],
  codeKind: 'command',
  paused: false,
  version: 3,
  updatedAt: at,
  recent: [],
  createdAt: at,
  versions: [],
  manifest: {
    name,
    flow: name,
    description: '',
    pool: 'local',
    queue: 'default',
    code: { kind: 'command', command: ['true'] },
    parameterSchema,
    parameters: {},
    variables: {},
    tags: [],
    retries: { failures: 0, crashes: 2, delaySeconds: 10, factor: 2, jitter: 0.2 },
    timeoutSeconds: null,
  },
})

export const stateEvent = (seq: number, state: StateName, message: string | null = null): RunEventView => ({
  seq,
  at: new Date(at.getTime() + seq),
  kind: 'state',
  attempt: 1,
  state,
  message,
  detail: null,
})

export const change = (changes: Partial<RunChange>): RunChange => ({
  kind: 'change',
  events: [],
  tasks: [],
  logs: [],
  logCursor: {},
  ...changes,
})

export const logLine = (seq: number, text: string): RunChange['logs'][number] => ({
  attempt: 1,
  stream: 'log',
  seq,
  at: new Date(at.getTime() + seq),
  level: 'info',
  task: null,
  text,
})
