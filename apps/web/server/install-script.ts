import { readFileSync } from 'node:fs'

/** Beside this file in the sources, and beside the bundle after the build. */
const template = readFileSync(new URL('install.sh', import.meta.url), 'utf8')

/** A value inside single quotes of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** The installer of the agent, which knows where it came from and which gateway to connect to. */
export const installScript = ({ publicUrl, gatewayUrl }: { publicUrl: string; gatewayUrl: string }): string =>
  template.replace("'@PUBLIC_URL@'", () => quoted(publicUrl)).replace("'@GATEWAY_URL@'", () => quoted(gatewayUrl))
