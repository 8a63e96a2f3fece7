import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pages } from './start-web.ts'

type Options = {
  server: Server
  port: number
  dev: boolean
  directory: string
  publicUrl: string
  builtFile: string | undefined
  signal: AbortSignal
}

/** Next, in this process: built pages, or compiled on demand in development. */
export const createPages = async ({ server, port, dev, directory, publicUrl, builtFile, signal }: Options): Promise<Pages> => {
  while (!dev && builtFile !== undefined && !existsSync(builtFile)) await sleep(200, undefined, { signal })
  setDefaults({
    // Next and React decide by this one, when they are loaded, which of their builds they use.
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    // Both are read by the pages and by next-auth; without them it guesses the address from each request's headers.
    TOWLINE_PUBLIC_URL: publicUrl,
    NEXTAUTH_URL: publicUrl,
  })
  const { default: next } = await import('next')
  const app = next({ dev, dir: directory, httpServer: server, port, hostname: 'localhost' })
  await app.prepare()
  const handle = app.getRequestHandler()
  return (request, response) => handle(request, response)
}

const setDefaults = (values: Record<string, string>): void => {
  for (const [name, value] of Object.entries(values)) process.env[name] ||= value
}
