import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { sendChecksum, sendFile } from './send-file.ts'
import { sendText } from './send-text.ts'

/** What people install from here, and where the build of the repository leaves it. */
const FILES: Record<string, { path: string; contentType: string; build: string }> = {
  'agent.mjs': { path: 'apps/agent/dist/agent.mjs', contentType: 'text/javascript; charset=utf-8', build: '@towline/agent' },
  'towline.tgz': { path: 'apps/cli/dist/towline.tgz', contentType: 'application/gzip', build: '@towline/cli' },
  'towline-sdk.tgz': { path: 'packages/sdk/dist/towline-sdk.tgz', contentType: 'application/gzip', build: '@towline/sdk' },
}

export const DIST_PATH = '/dist/'

/** GET /dist/<file> and /dist/<file>.sha256 */
export const serveDist = async (request: IncomingMessage, response: ServerResponse, root: string, name: string): Promise<void> => {
  const base = name.replace(/\.sha256$/, '')
  const file = Object.hasOwn(FILES, base) ? FILES[base] : undefined
  if (file === undefined) return sendText(response, 404, `There is no ${name} here. There are: ${Object.keys(FILES).join(', ')}.`)
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'Ask with GET.')
  const path = join(root, file.path)
  const sent =
    base === name ? await sendFile({ request, response, path, contentType: file.contentType }) : await sendChecksum(response, path, base)
  if (!sent) sendText(response, 404, `${base} is not built on this server. Build it with: npm run build -- --filter=${file.build}`)
}
