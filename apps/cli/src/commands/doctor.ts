import type { LedgerView } from '@towline/contract/limit-views'
import type { PoolSummary } from '@towline/contract/views'
import { EXIT, QuietExit } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { limitName } from '../limits/limit-name.ts'
import { shortId } from '../output/format.ts'
import type { Io } from '../output/io.ts'

interface Finding {
  ok: boolean
  text: string
  remedy: string | null
}

const poolFindings = (pools: PoolSummary[]): Finding[] =>
  pools.map(({ name, paused, agentsOnline, waiting }) => {
    if (paused && waiting > 0)
      return { ok: false, text: `${waiting} runs wait for the paused pool ${name}`, remedy: `towline pools resume ${name}` }
    if (agentsOnline === 0 && waiting > 0)
      return { ok: false, text: `${waiting} runs wait for an agent of the pool ${name}`, remedy: `towline agent start --pool ${name}` }
    return { ok: true, text: `pool ${name}: ${agentsOnline} ${agentsOnline === 1 ? 'agent' : 'agents'} online`, remedy: null }
  })

const ledgerFindings = ({ ok, limits, slots, waiters, problems }: LedgerView): Finding[] => [
  {
    ok,
    text: `limits: ${slots} held slots of ${limits} limits and ${waiters} waiters ${ok ? 'add up' : 'do not add up'}`,
    remedy: null,
  },
  ...problems.map(({ kind, limit, runId, text }) => ({
    ok: false,
    text: `${kind}${limit ? ` ${limitName(limit)}` : ''}${runId ? ` run ${shortId(runId)}` : ''}: ${text}`,
    remedy: null,
  })),
]

const print = (io: Io, findings: Finding[]): void => {
  for (const { ok, text, remedy } of findings) {
    io.line(`${ok ? io.paint('✓', '32') : io.paint('✗', '31')} ${text}`)
    if (remedy) io.line(`  try: ${remedy}`)
  }
}

export const run = async ({ options, io }: CommandInput<{ limits?: boolean }>): Promise<void> => {
  const { api, session } = connect()
  const ledger = await api.limits.ledger.query()
  const findings: Finding[] = []
  if (!options.limits) {
    const { workspace, user } = await api.auth.whoami.query()
    findings.push({
      ok: true,
      text: `${session.url} answers ${user?.email ?? 'a key'}${workspace ? ` in ${workspace.slug}` : ''}`,
      remedy: null,
    })
    findings.push(...poolFindings(await api.pools.list.query()))
  }
  findings.push(...ledgerFindings(ledger))
  const ok = findings.every((finding) => finding.ok)
  io.json(options.limits ? ledger : { ok, findings, limits: ledger })
  print(io, findings)
  if (!ok) throw new QuietExit(EXIT.failed)
}
