import type { IncomingMessage } from 'node:http'

/** The address that rate limits go by. Only what our own proxies appended is believed: the rest of the header is the client's to invent. */
export const clientAddress = (request: IncomingMessage, trustedProxies: number): string => {
  const direct = request.socket.remoteAddress ?? 'unknown'
  if (trustedProxies === 0) return direct
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  return forwarded.at(-trustedProxies)?.trim() || direct
}
