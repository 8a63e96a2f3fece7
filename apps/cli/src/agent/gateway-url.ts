import { CliError } from '../cli-error.ts'
import { unreachable } from '../client.ts'

/** The control plane's own installer of agents knows where its gateway is. */
export const findGatewayUrl = async (url: string): Promise<string> => {
  const response = await fetch(`${url}/install.sh`, { signal: AbortSignal.timeout(20_000) }).catch((cause: unknown) => {
    throw unreachable(url, cause)
  })
  const found = response.ok ? /^GATEWAY_URL='([^']+)'$/m.exec(await response.text())?.[1] : undefined
  if (!found) throw new CliError(`${url} does not say where its gateway is`, { remedy: 'towline agent start --url <gateway>' })
  return found
}
