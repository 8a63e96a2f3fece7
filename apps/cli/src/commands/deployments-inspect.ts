import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findDeployment } from '../find-deployment.ts'
import { relativeText } from '../output/format.ts'
import { printFacts, printTable } from '../output/table.ts'
import { barsText } from './deployments-ls.ts'

const codeText = (code: { kind: string; sha256?: string; image?: string; command?: string[] }): string =>
  [code.kind, code.sha256?.slice(0, 12), code.image, code.command?.join(' ')].filter(Boolean).join(' ')

export const run = async ({ args: [name = ''], io }: CommandInput<object>): Promise<void> => {
  const { api } = connect()
  const found = await findDeployment(api, name, 'towline deployments inspect')
  io.json(found)
  if (io.format === 'json') return
  const { manifest } = found
  io.line(`${io.bold(found.name)}${found.paused ? '  ‖ paused' : ''}  version ${found.version}  ${barsText(io, found.recent)}`)
  if (found.description) io.line(found.description)
  io.line()
  printFacts(io, [
    ['flow', found.flow],
    ['code', codeText(manifest.code)],
    ['pool', `${found.poolName} / ${found.queueName}`],
    ['tags', found.tags.join(', ')],
    ['retries', `${manifest.retries.failures} after failures, ${manifest.retries.crashes} after crashes`],
    ['timeout', manifest.timeoutSeconds === null ? 'none' : `${manifest.timeoutSeconds} s`],
    ['defaults', Object.keys(manifest.parameters).length > 0 ? JSON.stringify(manifest.parameters) : null],
    ['variables', Object.keys(manifest.variables).length > 0 ? JSON.stringify(manifest.variables) : null],
  ])
  const properties = Object.entries(
    (manifest.parameterSchema?.properties ?? {}) as Record<string, { type?: unknown; default?: unknown; description?: string }>,
  )
  const required = new Set(manifest.parameterSchema?.required as string[] | undefined)
  if (properties.length > 0) {
    io.line()
    printTable(
      io,
      ['PARAMETER', 'TYPE', 'DEFAULT', ''],
      properties.map(([key, schema]) => [
        key,
        JSON.stringify(schema.type ?? 'any').replaceAll('"', ''),
        schema.default === undefined ? (required.has(key) ? 'required' : '') : JSON.stringify(schema.default),
        schema.description ?? '',
      ]),
    )
  }
  io.line()
  printTable(
    io,
    ['VERSION', 'REGISTERED', 'BY', 'HASH'],
    found.versions.map((version) => [
      String(version.number),
      relativeText(version.createdAt),
      version.createdBy,
      version.manifestHash.slice(0, 12),
    ]),
  )
}
