import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pages } from './start-web.ts'

type Options = { server: Server; port: number; dev: boolean; directory: string; builtFile: string | undefined; signal: AbortSignal }

/** Next, in this process: built pages, or compiled on demand in development. */
export const createPages = async ({ server, port, dev, directory, builtFile, signal }: Options): Promise<Pages> => {
  while (!dev && builtFile !== undefined && !existsSync(builtFile)) await sleep(200, undefined, { signal })
  // Next and React decide by this variable, when they are loaded, which of their builds they use.
  if (process.env.NODE_ENV === undefined) Object.assign(process.env, { NODE_ENV: dev ? 'development' : 'production' })
  const { default: next } = await import('next')
  const app = next({ dev, dir: directory, httpServer: server, port, hostname: 'localhost' })
  await app.prepare()
  const handle = app.getRequestHandler()
  return (request, response) => handle(request, response)
}
