import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Document, isMap, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { CliError, EXIT } from '../cli-error.ts'
import { nearest } from '../suggest.ts'
import { type DeploymentEntry, type Project, projectSchema } from './project-schema.ts'

export const PROJECT_FILE = 'towline.yaml'

export interface LoadedProject {
  path: string
  directory: string
  project: Project
}

const findUpwards = (directory: string): string | null => {
  const candidate = join(directory, PROJECT_FILE)
  if (existsSync(candidate)) return candidate
  const parent = dirname(directory)
  return parent === directory ? null : findUpwards(parent)
}

type Issue = z.core.$ZodIssue

/** Of a union's many complaints the ones of the branch that came closest. */
const flatten = (issue: Issue): Issue[] => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const deepest = (branch: Issue[]): number => Math.max(...branch.map(({ path }) => path.length))
  const ranked = [...issue.errors].sort((a, b) => a.length - b.length || deepest(b) - deepest(a))
  return (ranked[0] ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue).flatMap(flatten)
}

const problemText = (issue: Issue): string => {
  if (issue.code === 'unrecognized_keys') return `does not know ${issue.keys.map((key) => `"${key}"`).join(', ')}`
  if (issue.code === 'invalid_key') return `is no name: ${issue.issues[0]?.message ?? issue.message}`
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing'
  return issue.message
}

/** Where it stands in the file; what is missing, where its owner begins. */
const offsetOf = (document: Document, keys: readonly unknown[]): number => {
  const node = document.getIn(keys, true)
  if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) return Number(node.range[0])
  return keys.length === 0 ? 0 : offsetOf(document, keys.slice(0, -1))
}

const usage = (message: string, remedy: string | null = null): CliError => new CliError(message, { exit: EXIT.usage, remedy })

/** Reads and checks towline.yaml. What is wrong is told with its line. */
export const readProject = (file?: string): LoadedProject => {
  const path = file ? resolve(file) : findUpwards(process.cwd())
  if (!path || !existsSync(path)) {
    throw usage(file ? `there is no file ${file}` : `there is no ${PROJECT_FILE} here or above`, 'towline init')
  }
  const lineCounter = new LineCounter()
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter, prettyErrors: true })
  const [broken] = document.errors
  if (broken) throw usage(`${path}: ${broken.message.split('\n')[0]}`)
  const parsed = projectSchema.safeParse(document.toJS() ?? {})
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(flatten).map((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path
      const { line } = lineCounter.linePos(offsetOf(document, keys))
      return `${path}:${line}: ${issue.path.join('.') || 'the file'} ${problemText(issue)}`
    })
    throw usage([...new Set(problems)].join('\n       '))
  }
  if (isMap(document.contents) && Object.keys(parsed.data.deployments).length === 0) throw usage(`${path} has no deployments`)
  return { path, directory: dirname(path), project: parsed.data }
}

/** The named deployments, or all. */
export const pickDeployments = ({ project, path }: LoadedProject, names: string[]): [name: string, entry: DeploymentEntry][] => {
  const known = Object.keys(project.deployments)
  for (const name of names) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    throw usage(`${path} has no deployment "${name}"`, near ? `towline deploy ${near}` : `the names there are: ${known.join(', ')}`)
  }
  return Object.entries(project.deployments).filter(([name]) => names.length === 0 || names.includes(name))
}
