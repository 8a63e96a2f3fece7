import { type PoolType, RUN_ENV, type RunSpec } from '@towline/contract/run-spec'

type Reach = { token: string; runApiUrl: string; poolType: PoolType }

/** The environment of a run: what the deployment set, then what the SDK needs, which nobody can override. */
export const runEnv = (spec: RunSpec, { token, runApiUrl, poolType }: Reach): Record<string, string> => ({
  ...spec.variables.env,
  [RUN_ENV.apiUrl]: poolType === 'docker' && spec.variables.network !== 'host' ? fromContainer(runApiUrl) : runApiUrl,
  [RUN_ENV.token]: token,
  [RUN_ENV.runId]: spec.runId,
  [RUN_ENV.runName]: spec.runName,
  [RUN_ENV.attempt]: String(spec.attempt),
  [RUN_ENV.deployment]: spec.deployment,
  [RUN_ENV.flow]: spec.flow,
  [RUN_ENV.parameters]: JSON.stringify(spec.parameters),
  [RUN_ENV.reuse]: spec.reuse ? '1' : '0',
})

const isLoopback = (url: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)

/**
 * Where runs reach the run API: as the gateway says. One that calls itself `localhost` means the machine that it was set up for; an agent that came
 * to it by another name (from a container, from another machine) knows better.
 */
export const runApiAddress = (told: string | undefined, gatewayUrl: string): string =>
  told === undefined || (isLoopback(told) && !isLoopback(gatewayUrl)) ? gatewayUrl : told

/** A gateway on the agent's own machine is not `localhost` inside a container; the docker launcher gives every container this name. */
const fromContainer = (url: string): string => {
  if (!isLoopback(url)) return url
  const parsed = new URL(url)
  parsed.hostname = 'host.docker.internal'
  return parsed.toString().replace(/\/$/, '')
}
