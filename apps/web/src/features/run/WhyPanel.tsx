'use client'

import { useQuery } from '@tanstack/react-query'
import type { GateView, RunDetail } from '@towline/contract/views'
import { Check, Hourglass, Minus } from 'lucide-react'
import Link from 'next/link'
import { useTRPC } from '../../trpc/trpc.ts'
import { classNames } from '../../ui/class-names.ts'
import { formatLiveDuration } from '../../ui/format/format-duration.ts'
import { formatAbsolute } from '../../ui/format/format-time.ts'
import { Section } from '../../ui/Section.tsx'
import { STATE_LOOK, TONE_TEXT, TONE_TINT } from '../../ui/state/state-look.ts'
import { useNow } from '../../ui/use-now.ts'
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

/** Moments are told in the viewer's zone, and how long it is until then ticks. */
const Text = ({ run, gate }: { run: RunDetail; gate: GateView }) => {
  const now = useNow()
  if (gate.gate !== 'not-due') return gate.text
  const left = run.dueAt.getTime() - now
  const when = left > 0 ? `in ${formatLiveDuration(left)}` : 'now'
  return (
    <span title={formatAbsolute(run.dueAt)}>
      {run.state.name === 'AwaitingRetry' ? `Attempt ${run.attempt + 1} starts ${when}` : `It is due ${when}`}
      <span className="font-normal text-muted">, {formatAbsolute(run.dueAt)}.</span>
    </span>
  )
}

const First = ({ run, gate }: { run: RunDetail; gate: GateView }) => {
  const { tone } = STATE_LOOK[run.state.name]
  return (
    <li
      aria-current="step"
      className={classNames(
        'my-1 flex min-w-0 basis-full gap-3 border-y px-3 py-3 first:mt-0 first:border-t-0 last:mb-0 last:border-b-0',
        TONE_TINT[tone],
      )}
    >
      <span className={classNames('mt-[3px]', TONE_TEXT[tone])}>{MARKS.holds.icon}</span>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <p className={classNames('font-medium', TONE_TEXT[tone])}>
          <Text run={run} gate={gate} />
        </p>
        {gate.limit && <LimitGateFacts gate={gate.limit} said={gate.text} />}
        <GateRemedy run={run} gate={gate} />
      </div>
    </li>
  )
}

/** In the words of its state: one that holds says why, one that is open only its name. */
const Words = ({ gate }: { gate: GateView }) => {
  const { to } = useWorkspace()
  const limit = gate.limit?.limit
  if (gate.state === 'holds') return <span className="min-w-0 text-muted">then: {gate.text}</span>
  return (
    <span className="min-w-0 text-muted">
      {limit ? (
        <Link href={to(`/concurrency/${limit.id}`)} className="rounded-sm hover:text-text hover:underline">
          {gateName(gate)}
        </Link>
      ) : (
        gateName(gate)
      )}
      {limit && limit.slots !== null && (
        <span className="text-xs text-faint">
          {' '}
          {limit.used}/{limit.slots}
        </span>
      )}
    </span>
  )
}

const Other = ({ gate }: { gate: GateView }) => (
  <li
    className={classNames('flex min-h-8 min-w-0 items-center gap-2 px-3', gate.state === 'holds' && 'basis-full')}
    title={gate.state === 'unknown' ? 'It can be told when those before it are open.' : undefined}
  >
    <span className="shrink-0">{MARKS[gate.state].icon}</span>
    <Words gate={gate} />
    <span className="sr-only">: {MARKS[gate.state].word}</span>
  </li>
)

/** Every gate on the way of a waiting run, in order; the first that holds is opened up. Moves in the line do not change the run, so they are asked for. */
export const WhyPanel = ({ run }: { run: RunDetail }) => {
  const fresh = useQuery(useTRPC().runs.get.queryOptions({ id: run.id }, { refetchInterval: REFRESH_MS, staleTime: 0 }))
  const gates = fresh.data && fresh.data.eventSeq >= run.eventSeq ? fresh.data.gates : run.gates
  const first = firstHolding(gates)
  if (!first) return null
  return (
    <Section title="Why is it waiting?" flush>
      <ol className="flex flex-wrap">
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
