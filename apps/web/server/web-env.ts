import { readEnv } from '@towline/service/env'
import { z } from 'zod'

const url = z
  .string()
  .regex(/^https?:\/\//, 'must start with http:// or https://')
  .transform((text) => text.replace(/\/+$/, ''))
const port = z.coerce.number().int().min(0).max(65_535)

const schema = z.object({
  TOWLINE_DATABASE_URL: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  TOWLINE_SECRET: z.string().min(32, 'must have at least 32 characters'),
  TOWLINE_WEB_PORT: port.default(7600),
  /** Empty: all addresses of the machine. */
  TOWLINE_WEB_HOST: z.string().optional(),
  TOWLINE_PUBLIC_URL: url.optional(),
  TOWLINE_GATEWAY_URL: url.default('http://localhost:7601'),
  /** How many proxies of our own stand in front: so many addresses at the end of X-Forwarded-For are true. */
  TOWLINE_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Anything: Next compiles pages as they are asked for. */
  TOWLINE_WEB_DEV: z.string().optional(),
  /** Set: the pages are still being built; this file appears when they are. Until then the API answers alone. */
  TOWLINE_WEB_BUILT_FILE: z.string().optional(),
})

export type WebEnv = {
  databaseUrl: string
  secret: string
  port: number
  host: string | undefined
  publicUrl: string
  gatewayUrl: string
  trustedProxies: number
  dev: boolean
  builtFile: string | undefined
}

export const readWebEnv = (source: Record<string, string | undefined> = process.env): WebEnv => {
  const env = readEnv(schema, source)
  const databaseUrl = env.TOWLINE_DATABASE_URL ?? env.DATABASE_URL
  if (databaseUrl === undefined) throw new Error('Bad environment: TOWLINE_DATABASE_URL is not set')
  return {
    databaseUrl,
    secret: env.TOWLINE_SECRET,
    port: env.TOWLINE_WEB_PORT,
    host: env.TOWLINE_WEB_HOST,
    publicUrl: env.TOWLINE_PUBLIC_URL ?? `http://localhost:${env.TOWLINE_WEB_PORT}`,
    gatewayUrl: env.TOWLINE_GATEWAY_URL,
    trustedProxies: env.TOWLINE_TRUSTED_PROXIES,
    dev: env.TOWLINE_WEB_DEV !== undefined,
    builtFile: env.TOWLINE_WEB_BUILT_FILE,
  }
}
