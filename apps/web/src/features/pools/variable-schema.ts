import type { JsonObject } from '@towline/contract/json'
import type { PoolType } from '@towline/contract/run-spec'

const everywhere = {
  workingDirectory: { type: 'string', description: 'Where the process starts. Empty: a folder of its own for each run.' },
  graceSeconds: { type: 'integer', minimum: 0, maximum: 3600, description: 'Seconds between SIGTERM and SIGKILL when a run is cancelled.' },
  startTimeoutSeconds: {
    type: 'integer',
    minimum: 1,
    maximum: 86_400,
    description: 'Seconds that a launch may take, image pull included.',
  },
}

const containers = {
  image: { type: 'string', description: 'For runs that bring code but no image of their own.' },
  imagePullPolicy: { type: 'string', enum: ['if-not-present', 'always', 'never'] },
  memoryMb: { type: 'integer', minimum: 16, description: 'Hard limit in MiB; a run above it ends as out of memory.' },
  cpus: { type: 'number', description: 'May be a fraction, such as 0.5.' },
  user: { type: 'string', description: 'User, or user:group, inside the container.' },
}

const docker = {
  network: { type: 'string', description: 'Name of a Docker network.' },
  volumes: { type: 'array', items: { type: 'string' }, description: 'As in docker run -v: source:target[:ro].' },
  extraHosts: { type: 'array', items: { type: 'string' }, description: 'As in docker run --add-host: name:address.' },
  privileged: { type: 'boolean', description: 'All rights on the host. Leave it off unless a run needs Docker in Docker.' },
}

/** The form of the job template of each type of pool; `env` has a control of its own. */
export const variableSchema = (type: PoolType): JsonObject => ({
  type: 'object',
  properties:
    type === 'process' ? everywhere : type === 'docker' ? { ...containers, ...docker, ...everywhere } : { ...containers, ...everywhere },
})
