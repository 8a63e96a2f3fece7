'use client'

import { useQuery } from '@tanstack/react-query'
import type { GateView, RunDetail } from '@towline/contract/views'
import { Check, Hourglass, Minus } from 'lucide-react'
import Link from 'next/link'
import { useTRPC } from '../../trpc/trpc.ts'
import { classNames } from '../../ui/class-names.ts'
import { formatAbsolute } from '../../ui/format/format-time.ts'
import { Section } from '../../ui/Section.tsx'
import { STATE_LOOK, TONE_TEXT, TONE_TINT } from '../../ui/state/state-look.ts'
import { useWorkspace } from '../shell/workspace-context.ts'
import { GateRemedy } from './GateRemedy.tsx'
import { firstHolding, gateName, shownGates } from './gate-words.ts'
import { LimitGateFacts } from './LimitGateFacts.tsx'

const REFRESH_MS = 5000

const MARKS = {
  ok: { icon: <Check size={14} className="text-green" />, word: 'open' },
  holds: { icon: <Hourglass size={14} />, word: 'holds' },
  unknown: { icon: <Minus size={14} className="text-faint" />, word: 'not known yet' },
} as const

const textOf = (run: RunDetail, gate: GateView): string => (gate.gate === 'not-due' ? `It is due ${formatAbsolute(run.dueAt)}.` : gate.text)

const First = ({ run, gate }: { run: RunDetail; gate: GateView }) => {
  const { tone } = STATE_LOOK[run.state.name]
  return (
    <li aria-current="step" className={classNames('flex gap-3 border-b border-line px-3 py-3 last:border-0', TONE_TINT[tone])}>
      <span className={classNames('mt-[3px]', TONE_TEXT[tone])}>{MARKS.holds.icon}</span>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p className={classNames('font-medium', TONE_TEXT[tone])}>{textOf(run, gate)}</p>
        {gate.limit && <LimitGateFacts gate={gate.limit} />}
        <GateRemedy run={run} gate={gate} />
      </div>
    </li>
  )
}

const Other = ({ gate }: { gate: GateView }) => {
  const { to } = useWorkspace()
  const name = gateName(gate)
  return (
    <li className="flex min-h-8 items-center gap-3 border-b border-line px-3 py-1 last:border-0">
      {MARKS[gate.state].icon}
      <span className={gate.state === 'ok' ? 'text-muted' : 'text-text'}>
        {gate.limit ? (
          <Link href={to(`/concurrency/${gate.limit.limit.id}`)} className="rounded-sm hover:underline">
            {name}
          </Link>
        ) : (
          name
        )}
        <span className="sr-only">: {MARKS[gate.state].word}</span>
      </span>
      {gate.state === 'holds' && <span className="min-w-0 flex-1 truncate text-xs text-muted">then: {gate.text}</span>}
      {gate.state === 'ok' && gate.limit?.limit.slots != null && (
        <span className="text-xs text-faint">
          {gate.limit.limit.used} of {gate.limit.limit.slots} in use
        </span>
      )}
      {gate.state === 'unknown' && <span className="text-xs text-faint">told when those before it are open</span>}
    </li>
  )
}

/** Every gate on the way of a waiting run, in order; the first that holds is opened up. Moves in the line do not change the run, so they are asked for. */
export const WhyPanel = ({ run }: { run: RunDetail }) => {
  const fresh = useQuery(useTRPC().runs.get.queryOptions({ id: run.id }, { refetchInterval: REFRESH_MS, staleTime: 0 }))
  const gates = fresh.data && fresh.data.eventSeq >= run.eventSeq ? fresh.data.gates : run.gates
  const first = firstHolding(gates)
  if (!first) return null
  return (
    <Section title="Why is it waiting?" flush>
      <ol>
        {shownGates(gates).map((gate) =>
          gate === first ? (
            <First key={`${gate.gate}/${gate.limit?.limit.id ?? ''}`} run={run} gate={gate} />
          ) : (
            <Other key={`${gate.gate}/${gate.limit?.limit.id ?? ''}`} gate={gate} />
          ),
        )}
      </ol>
    </Section>
  )
}
