import { type AuditEntry, type AuditFilter, auditFilterSchema } from '@towline/contract/audit'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { relativeText } from '../output/format.ts'
import { printTable } from '../output/table.ts'

interface Options {
  actor?: string
  action?: string
  subject?: string
  limit: string
  cursor?: string
}

const filterOf = ({ actor, action, subject }: Options): AuditFilter => {
  const parsed = auditFilterSchema.safeParse({ actor, action, subject })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new CliError(`--${String(issue?.path[0])}: ${issue?.message}`, {
    exit: EXIT.usage,
    remedy: 'towline audit ls --action limit.change',
  })
}

const quoted = (text: string): string => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** The next page of the same list. */
const nextCommand = (filter: AuditFilter, cursor: string): string =>
  [
    'towline audit ls',
    ...Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(value)}`])),
    `--cursor ${cursor}`,
  ].join(' ')

const whatText = ({ text, reason }: AuditEntry): string => (reason === null ? text : `${text} (${reason})`)

export const run = async ({ options, io }: CommandInput<Options>): Promise<void> => {
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw new CliError('--limit is a number from 1 to 200', { exit: EXIT.usage })
  const filter = filterOf(options)
  const { api } = connect()
  const page = await api.audit.list.query({ filter, limit, cursor: options.cursor ?? null })
  io.json(page)
  if (page.items.length === 0 && page.next === null) io.note('nobody has changed anything that matches')
  else
    printTable(
      io,
      ['WHEN', 'WHO', 'ACTION', 'WHAT'],
      page.items.map((entry) => [relativeText(entry.at), entry.actor.name, entry.action, whatText(entry)]),
    )
  if (page.next) io.note(io.dim(`more: ${nextCommand(filter, page.next)}`))
}
