import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

type RegistryOptions = { password?: string; msPerChunk?: number }

const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`

/**
 * A registry that speaks enough of the protocol to be pulled from by a real engine (which takes plain HTTP from 127.0.0.1). It serves
 * `<address>/test/image:1`, one layer of a megabyte of noise, slowly when asked.
 */
export const startTestRegistry = async ({ password, msPerChunk = 0 }: RegistryOptions = {}) => {
  const layerTar = await tarOf('noise', randomBytes(1_000_000))
  const layer = gzipSync(layerTar)
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/nothing'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(layerTar)] },
    }),
  )
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: config.length, digest: digestOf(config) },
      layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', size: layer.length, digest: digestOf(layer) }],
    }),
  )
  const blobs = new Map([config, layer].map((blob) => [digestOf(blob), blob]))
  const authorization = `Basic ${Buffer.from(`user:${password}`).toString('base64')}`

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? ''
    if (password !== undefined && request.headers.authorization !== authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"', 'content-type': 'application/json' })
      response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }))
      return
    }
    if (path === '/v2/') return void response.end('{}')
    if (path.startsWith('/v2/test/image/manifests/') && (path.endsWith('/1') || path.endsWith(digestOf(manifest)))) {
      response.writeHead(200, {
        'content-type': 'application/vnd.docker.distribution.manifest.v2+json',
        'content-length': manifest.length,
        'docker-content-digest': digestOf(manifest),
      })
      return void response.end(request.method === 'HEAD' ? undefined : manifest)
    }
    const blob = blobs.get(path.split('/').at(-1) ?? '')
    if (blob === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }))
      return
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': blob.length })
    for (let start = 0; start < blob.length; start += 32_768) {
      if (msPerChunk > 0) await new Promise((resolve) => setTimeout(resolve, msPerChunk))
      response.write(blob.subarray(start, start + 32_768))
    }
    response.end()
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    image: `${address}/test/image:1`,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

const tarOf = async (name: string, content: Buffer): Promise<Buffer> => {
  const archive = pack()
  archive.entry({ name }, content)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk)
  return Buffer.concat(chunks)
}
