import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'

type Hashed = { modified: number; size: number; sha256: string }
const hashes = new Map<string, Hashed>()

/** The SHA-256 of a file, computed again only when the file has changed. Null: there is no such file. */
const hashOf = async (path: string): Promise<Hashed | null> => {
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) return null
  const known = hashes.get(path)
  if (known !== undefined && known.modified === found.mtimeMs && known.size === found.size) return known
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  const hashed = { modified: found.mtimeMs, size: found.size, sha256 }
  hashes.set(path, hashed)
  return hashed
}

type Served = { request: IncomingMessage; response: ServerResponse; path: string; contentType: string }

/** Sends a file with its SHA-256 as ETag. False: it does not exist. */
export const sendFile = async ({ request, response, path, contentType }: Served): Promise<boolean> => {
  const hashed = await hashOf(path)
  if (hashed === null) return false
  const etag = `"${hashed.sha256}"`
  response.setHeader('etag', etag)
  response.setHeader('cache-control', 'no-cache')
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return true
  }
  response.writeHead(200, { 'content-type': contentType, 'content-length': hashed.size })
  if (request.method === 'HEAD') response.end()
  else await pipeline(createReadStream(path), response)
  return true
}

/** Sends `<sha256>  <name>`, the format that sha256sum reads. */
export const sendChecksum = async (response: ServerResponse, path: string, name: string): Promise<boolean> => {
  const hashed = await hashOf(path)
  if (hashed === null) return false
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' }).end(`${hashed.sha256}  ${name}\n`)
  return true
}
