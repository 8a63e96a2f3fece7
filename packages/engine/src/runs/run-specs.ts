import type { JsonObject } from '@towline/contract/json'
import type { Manifest } from '@towline/contract/manifest'
import type { JobVariables, RunSpec } from '@towline/contract/run-spec'
import type { Db } from '@towline/db/open-db'
import { statement } from '@towline/db/statement'
import type { RunTransaction } from './life/run-transaction.ts'
import readVersionsText from './sql/read-versions.sql'

const readVersions = statement('read-versions', readVersionsText)
const MAX_CACHED = 1000

/** Versions never change, so each process reads one once (and again when a thousand others came between). */
const caches = new WeakMap<Db, Map<string, Manifest>>()

const cacheOf = (db: Db): Map<string, Manifest> => {
  const cache = caches.get(db) ?? new Map<string, Manifest>()
  caches.set(db, cache)
  return cache
}

export const manifestsOf = async (
  db: Db,
  work: Pick<RunTransaction, 'send'>,
  versionIds: readonly string[],
): Promise<Map<string, Manifest>> => {
  const cache = cacheOf(db)
  const found = new Map<string, Manifest>()
  for (const id of new Set(versionIds)) {
    const manifest = cache.get(id)
    if (manifest) found.set(id, manifest)
  }
  const missing = [...new Set(versionIds)].filter((id) => !found.has(id))
  if (missing.length === 0) return found
  const [read] = await work.send([{ ...readVersions, values: [missing] }])
  for (const row of (read?.rows ?? []) as { id: string; manifest: Manifest }[]) {
    found.set(row.id, row.manifest)
    cache.set(row.id, row.manifest)
    if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value as string)
  }
  return found
}

export type SpecParts = {
  run: { id: string; workspaceId: string; runName: string; attempt: number }
  row: { parameters: JsonObject; tags: string[]; timeout_seconds: number | null; reuses: boolean }
  manifest: Manifest
  variables: JobVariables
}

/** The variables are merged now and not when the run was made: a repaired pool or a rotated secret reaches runs that wait, and retries. */
export const runSpecOf = ({ run, row, manifest, variables }: SpecParts): RunSpec => ({
  workspaceId: run.workspaceId,
  runId: run.id,
  runName: run.runName,
  attempt: run.attempt,
  deployment: manifest.name,
  flow: manifest.flow,
  code: manifest.code,
  parameters: row.parameters,
  variables,
  tags: row.tags,
  timeoutSeconds: row.timeout_seconds,
  ...(row.reuses && { reuse: true }),
})
