import type { ServerResponse } from 'node:http'
import { ERROR_CODES } from '@towline/contract/errors'
import type { PublicError } from './errors.ts'

export const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

/** The body that every HTTP door answers errors with. */
export const sendError = (response: ServerResponse, error: PublicError): void => {
  if (response.headersSent) {
    response.destroy()
    return
  }
  sendJson(response, ERROR_CODES[error.code].http, { error })
}
