import { createHash } from 'node:crypto'
import { AppError, isAppError } from '@towline/contract/app-error'
import { MAX_VALUE_BYTES } from '@towline/contract/json'
import type { Manifest } from '@towline/contract/manifest'
import { validateParameters } from '../runs/validate-parameters.ts'
import { canonicalJson } from './canonical-json.ts'
import { checkParameterSchema, withoutRequired } from './parameter-schema.ts'

export const MAX_MANIFEST_BYTES = 256 * 1024

/** Everything that a manifest can get wrong by itself, before the database is asked. */
export const checkManifest = (manifest: Manifest): void => {
  const bytes = Buffer.byteLength(JSON.stringify(manifest))
  if (bytes > MAX_MANIFEST_BYTES) {
    throw new AppError(
      'payload_too_large',
      `The manifest of ${manifest.name} has ${Math.ceil(bytes / 1024)} KiB; at most 256 KiB are stored.`,
    )
  }
  if (Buffer.byteLength(JSON.stringify(manifest.parameters)) > MAX_VALUE_BYTES) {
    throw new AppError('payload_too_large', `The default parameters of ${manifest.name} are larger than 64 KiB.`)
  }
  if (manifest.parameterSchema === null) return
  checkParameterSchema(manifest.parameterSchema)
  const schema = withoutRequired(manifest.parameterSchema)
  // Not a version yet, so the compiled schema goes by its own content.
  const versionId = `defaults ${createHash('sha256').update(canonicalJson(schema)).digest('hex')}`
  try {
    validateParameters({ versionId, schema, defaults: {} }, manifest.parameters)
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new AppError('invalid_parameters', `The default parameters of ${manifest.name} do not match its schema: ${error.message}`, {
      cause: error,
    })
  }
}
