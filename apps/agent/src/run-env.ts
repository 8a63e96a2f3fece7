import { RUN_ENV, type RunSpec } from '@towline/contract/run-spec'

/** The environment of a run: what the deployment set, then what the SDK needs, which nobody can override. */
export const runEnv = (spec: RunSpec, { token, runApiUrl }: { token: string; runApiUrl: string }): Record<string, string> => ({
  ...spec.variables.env,
  [RUN_ENV.apiUrl]: runApiUrl,
  [RUN_ENV.token]: token,
  [RUN_ENV.runId]: spec.runId,
  [RUN_ENV.runName]: spec.runName,
  [RUN_ENV.attempt]: String(spec.attempt),
  [RUN_ENV.deployment]: spec.deployment,
  [RUN_ENV.flow]: spec.flow,
  [RUN_ENV.parameters]: JSON.stringify(spec.parameters),
})
