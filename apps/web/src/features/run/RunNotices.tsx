import type { LogLineView, RunDetail } from '@towline/contract/views'
import { CancellingNotice } from './CancellingNotice.tsx'
import { ProblemPanel } from './ProblemPanel.tsx'
import { WhyPanel } from './WhyPanel.tsx'

/** What the reader should know first: why it waits, what went wrong and what was done about it, or that it is being stopped. */
export const RunNotices = ({ run, lines }: { run: RunDetail; lines: LogLineView[] }) => (
  <>
    {run.waiting && <WhyPanel run={run} />}
    {run.state.type === 'CANCELLING' ? <CancellingNotice run={run} /> : <ProblemPanel run={run} lines={lines} />}
  </>
)
