import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type FlowDescription, flowDescriptionSchema } from '@towline/contract/flow-description'
import { z } from 'zod'
import { CliError } from '../cli-error.ts'
import type { Bundle } from './bundle-flow.ts'

const TIMEOUT_MS = 60_000
const DESCRIBE_FD = 3

const textOf = async (stream: Readable): Promise<string> => {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

/** The user's code sees the environment of the user, without the keys of the CLI. */
const childEnv = (): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('TOWLINE_'))
  return { ...Object.fromEntries(own), TOWLINE_BUNDLE_MODE: 'describe' }
}

/** Loads the bundle in a process of its own and asks it for its flows. */
export const describeBundle = async (bundle: Bundle, file: string, directory: string): Promise<FlowDescription[]> => {
  const temporary = await mkdtemp(join(tmpdir(), 'towline-'))
  try {
    const path = join(temporary, 'bundle.mjs')
    await writeFile(path, bundle.code)
    const child = spawn(process.execPath, [path], {
      cwd: directory,
      env: childEnv(),
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
    })
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ code, signal }))
    })
    const [answer, complaint, { code, signal }] = await Promise.all([
      textOf(child.stdio[DESCRIBE_FD] as Readable),
      textOf(child.stderr as Readable),
      ended,
    ])
    if (code === 0 && answer) return z.array(flowDescriptionSchema).parse(JSON.parse(answer))
    const reason = signal
      ? `it did not end within ${TIMEOUT_MS / 1000} s`
      : (complaint.split('\n').find((line) => /^\w*(Error|TypeError)\b.*:/.test(line)) ?? complaint.trim().split('\n').at(-1))
    throw new CliError(`${file} fails when it is loaded: ${reason || `exit code ${code}`}`, {
      remedy: 'move code that needs the place where it runs into the flow or a task',
    })
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** The flow that `file#name` means. */
export const pickFlow = (flows: FlowDescription[], file: string, name: string | null): FlowDescription => {
  const known = flows.map((flow) => flow.name)
  if (flows.length === 0)
    throw new CliError(`${file} exports no flow`, { remedy: `export const etl = flow({ name: 'etl', … }) in ${file}` })
  if (name === null) {
    const [only] = flows
    if (only && flows.length === 1) return only
    throw new CliError(`${file} exports several flows`, {
      remedy: `write one of ${known.map((flow) => `${file}#${flow}`).join(', ')} in towline.yaml`,
    })
  }
  const found = flows.find((flow) => flow.name === name)
  if (!found) throw new CliError(`${file} exports no flow "${name}"`, { remedy: `flows there: ${known.join(', ')}` })
  return found
}
