import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '@towline/contract/app-error'
import { ERROR_CODES } from '@towline/contract/errors'
import { MAX_REPORT_BYTES, RUN_API, reportRequestSchema, slotsReleaseSchema, slotsRequestSchema } from '@towline/contract/run-api'
import { releaseTaskSlots } from '@towline/engine/limits/release-task-slots'
import { readBundle } from '@towline/engine/runs/read-bundle'
import { readTaskResults } from '@towline/engine/runs/read-task-results'
import { reportItems } from '@towline/engine/runs/report-items'
import { newId } from '@towline/service/new-id'
import type { z } from 'zod'
import { failureOf } from './failure.ts'
import type { GatewayContext } from './gateway-context.ts'
import { holdForSlots } from './run-slots.ts'
import type { RunTokenClaims } from './run-token.ts'

const PATHS: readonly string[] = Object.values(RUN_API)

/** The run API: what a run may say and ask with the token of its attempt. */
export const handleRunRequest = async (
  gw: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> => {
  response.once('close', () => gw.metrics.runRequests.inc({ path: PATHS.includes(path) ? path : 'other', status: response.statusCode }))
  try {
    if (path === RUN_API.report) return await (request.method === 'POST' ? report(gw, request, response) : refuseMethod(response, 'POST'))
    if (path === RUN_API.bundle) return await (request.method === 'GET' ? bundle(gw, request, response) : refuseMethod(response, 'GET'))
    if (path === RUN_API.results) return await (request.method === 'GET' ? results(gw, request, response) : refuseMethod(response, 'GET'))
    if (path === RUN_API.slots) {
      if (request.method === 'POST') return await takeSlots(gw, request, response)
      return await (request.method === 'DELETE' ? freeSlots(gw, request, response) : refuseMethod(response, 'POST, DELETE'))
    }
    throw new AppError('not_found', `There is no ${path} in the run API.`)
  } catch (error) {
    answerError(gw, response, error)
  }
}

const report = async (gw: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const claims = authenticate(gw, request)
  const body = await readBody(request, reportRequestSchema)
  answer(response, 200, await reportItems(gw.engine, { ...claims, request: body }))
}

const takeSlots = async (gw: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const claims = authenticate(gw, request)
  const body = await readBody(request, slotsRequestSchema)
  answer(response, 200, await holdForSlots(gw, claims, body, () => response.destroyed || request.socket.destroyed))
}

const freeSlots = async (gw: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const claims = authenticate(gw, request)
  const { key } = await readBody(request, slotsReleaseSchema)
  await releaseTaskSlots(gw.engine, { ...claims, key })
  answer(response, 200, {})
}

const readBody = async <Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): Promise<z.infer<Schema>> => {
  const parsed = schema.safeParse(await readJson(request))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new AppError('invalid_input', `${issue?.path.join('.') || 'body'}: ${issue?.message}`)
}

const bundle = async (gw: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { workspaceId, runId } = authenticate(gw, request)
  const { content, sha256 } = await readBundle(gw.engine, { workspaceId, runId })
  response.writeHead(200, { 'content-type': 'text/javascript', 'content-length': content.length, etag: `"${sha256}"` }).end(content)
}

const results = async (gw: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const claims = authenticate(gw, request)
  const cursor = new URLSearchParams((request.url ?? '').split('?')[1]).get('cursor')
  answer(response, 200, await readTaskResults(gw.engine, { ...claims, cursor }))
}

const authenticate = (gw: GatewayContext, request: IncomingMessage): RunTokenClaims => {
  const token = bearerOf(request)
  const claims = token === null ? null : gw.tokens.verify(token)
  if (!claims) throw new AppError('unauthenticated', 'Send the run token of the attempt as `Authorization: Bearer tlr_…`.')
  return claims
}

export const bearerOf = (request: IncomingMessage): string | null =>
  /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null

const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_REPORT_BYTES)
      throw new AppError('payload_too_large', `A report has at most ${MAX_REPORT_BYTES} bytes. Send fewer items in one.`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    throw new AppError('invalid_input', 'The body is not JSON.')
  }
}

const refuseMethod = async (response: ServerResponse, allow: string): Promise<void> => {
  response.setHeader('allow', allow)
  answer(response, 405, { error: { code: 'invalid_input', message: `Use ${allow}.` } })
}

export const answer = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
}

/** People see the code, a text and an id; the id is in our log with the cause. */
const answerError = (gw: GatewayContext, response: ServerResponse, error: unknown): void => {
  if (response.headersSent) return void response.destroy()
  // Whatever of the body was not read goes with the connection.
  response.setHeader('connection', 'close')
  const { code, message } = failureOf(error)
  const id = newId()
  const { http } = ERROR_CODES[code]
  if (http >= 500) gw.log.error({ err: error, id }, 'A request of a run failed')
  answer(response, http, { error: { code, message, id } })
}
