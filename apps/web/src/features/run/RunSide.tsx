'use client'

import type { RunDetail, RunEventView } from '@towline/contract/views'
import Link from 'next/link'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { formatLiveDuration } from '../../ui/format/format-duration.ts'
import { type Fact, KeyValue } from '../../ui/KeyValue.tsx'
import { Section } from '../../ui/Section.tsx'
import { TagList } from '../../ui/Tag.tsx'
import { Time } from '../../ui/Time.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { Attempts } from './Attempts.tsx'
import { Timeline } from './Timeline.tsx'

const json = (value: unknown): string => JSON.stringify(value, null, 2)
const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** Facts, timeline, attempts, parameters and result beside the logs. */
export const RunSide = ({ run, events }: { run: RunDetail; events: RunEventView[] }) => {
  const { to } = useWorkspace()
  const facts: Fact[] = [
    { label: 'Flow', value: run.flow },
    {
      label: 'Work pool',
      value: (
        <>
          <Link href={to(`/pools/${run.pool.name}`)} className="rounded-sm hover:underline">
            {run.pool.name}
          </Link>
          {run.queueName !== 'default' && <span className="text-faint"> / {run.queueName}</span>}
        </>
      ),
    },
    { label: 'Created', value: <Time at={run.createdAt} className="text-text" /> },
    { label: 'By', value: run.createdBy },
    ...(run.attempts.length === 0 && run.dueAt.getTime() > run.createdAt.getTime() + 1000
      ? [{ label: 'Due', value: <Time at={run.dueAt} className="text-text" /> }]
      : []),
    ...(run.timeoutSeconds ? [{ label: 'Timeout', value: formatLiveDuration(run.timeoutSeconds * 1000) }] : []),
    { label: 'Retries left', value: `${run.retriesLeft.failures} after failures, ${run.retriesLeft.crashes} after crashes` },
    ...(run.tags.length > 0 ? [{ label: 'Tags', value: <TagList tags={run.tags} max={12} /> }] : []),
    { label: 'Id', value: <CopyField value={run.id} shown={`…${run.id.slice(-12)}`} /> },
  ]
  return (
    <>
      <Section title="Details">
        <KeyValue facts={facts} />
      </Section>
      <Section title="Timeline">
        <Timeline events={events} />
      </Section>
      <Section title={run.attempts.length > 1 ? 'Attempts' : 'Infrastructure'}>
        <Attempts attempts={run.attempts} />
      </Section>
      <Section title="Parameters">
        {isEmpty(run.parameters) ? (
          <p className="text-faint">This run has none.</p>
        ) : (
          <CodeBlock code={json(run.parameters)} label="parameters" maxHeight={280} />
        )}
      </Section>
      {run.result !== null && (
        <Section title="Result">
          <CodeBlock code={json(run.result)} label="result" maxHeight={280} />
        </Section>
      )}
      {!isEmpty(run.variables) && (
        <Section title="Job variables">
          <CodeBlock code={json(run.variables)} label="job variables" maxHeight={280} />
        </Section>
      )}
    </>
  )
}
