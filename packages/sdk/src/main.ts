import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parseParameterFlags } from '@towline/contract/parameter-flags'
import { type AnyFlow, definitionOf } from './flow.ts'
import { runLocal } from './run-local.ts'
import { isLaunched, runRemote } from './run-remote.ts'
import { BUNDLE_MARK } from './serve.ts'
import { jsonSchemaOf } from './standard-schema.ts'

const isEntry = (meta: { url: string; main?: boolean }): boolean => {
  if (meta.main !== undefined) return meta.main
  const script = process.argv[1]
  try {
    return script !== undefined && realpathSync(script) === realpathSync(fileURLToPath(meta.url))
  } catch {
    return false
  }
}

const usage = (flow: AnyFlow): string => {
  const definition = definitionOf(flow)
  const schema = definition.parameters ? jsonSchemaOf(definition.parameters) : null
  const properties = Object.entries((schema?.properties ?? {}) as Record<string, Record<string, unknown>>)
  const required = new Set((schema?.required ?? []) as string[])
  const lines = properties.map(([name, property]) => {
    const rest = [
      property.type,
      property.default === undefined ? null : `default ${JSON.stringify(property.default)}`,
      required.has(name) ? 'required' : null,
    ]
    return `  -p ${name}=…  ${[rest.filter(Boolean).join(', '), property.description].filter(Boolean).join('  ')}`
  })
  return [
    `${definition.name}${definition.description ? `: ${definition.description}` : ''}`,
    ...lines,
    '  --params-file FILE  a JSON file with parameters',
    '',
  ].join('\n')
}

const fail = (message: string): never => {
  process.stderr.write(`error: ${message}\ntry:   node ${process.argv[1] ?? 'flow.js'} --help\n`)
  process.exit(2)
}

const parametersOf = (flow: AnyFlow): Record<string, unknown> => {
  const { values } = parseArgs({
    options: {
      param: { type: 'string', short: 'p', multiple: true, default: [] },
      'params-file': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(usage(flow))
    process.exit(0)
  }
  const file = values['params-file']
  const base = file === undefined ? {} : (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
  const definition = definitionOf(flow)
  const schema = definition.parameters ? (jsonSchemaOf(definition.parameters) as never) : null
  return { ...base, ...parseParameterFlags({ flags: values.param, schema, readFile: (path) => readFileSync(path, 'utf8') }) }
}

/**
 * The last line of a flow file: `await main(import.meta, etl)`. When the file is what was started, its flow runs: for the control plane
 * when an agent launched it, else here, with `-p key=value` and states on the terminal. When the file is imported, nothing happens.
 */
export const main = async (meta: { url: string; main?: boolean }, ...flows: [AnyFlow, ...AnyFlow[]]): Promise<void> => {
  if (BUNDLE_MARK in globalThis || !isEntry(meta)) return
  if (isLaunched(process.env)) return runRemote(flows)
  const [flow] = flows
  let parameters: Record<string, unknown>
  try {
    parameters = parametersOf(flow)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
  try {
    await runLocal(definitionOf(flow), parameters)
    process.exit(0)
  } catch {
    // Its states and the error are on the terminal already.
    process.exit(1)
  }
}
