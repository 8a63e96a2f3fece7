import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Refusal } from './refusal.ts'

const credentialsSchema = z.object({
  /** Signs sessions and run tokens. */
  secret: z.string().min(32),
  demo: z
    .object({ email: z.string(), password: z.string(), workspace: z.string(), pool: z.string(), userKey: z.string(), agentKey: z.string() })
    .nullable(),
})
export type Credentials = z.infer<typeof credentialsSchema>
export type Demo = NonNullable<Credentials['demo']>

const pathOf = (dataDir: string): string => join(dataDir, 'credentials.json')

/** Kept beside the data, readable by its owner only. */
export const readCredentials = (dataDir: string): Credentials => {
  let text: string
  try {
    text = readFileSync(pathOf(dataDir), 'utf8')
  } catch {
    const fresh = { secret: randomBytes(32).toString('hex'), demo: null }
    writeCredentials(dataDir, fresh)
    return fresh
  }
  try {
    return credentialsSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new Refusal(`${pathOf(dataDir)} cannot be read. Restore it, or remove ${dataDir} to start with an empty Towline.`, {
      cause: error,
    })
  }
}

export const writeCredentials = (dataDir: string, credentials: Credentials): void =>
  writeFileSync(pathOf(dataDir), `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 })
