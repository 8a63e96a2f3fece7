import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../../ui/class-names.ts'

type Props = { number: number; title: string; done: boolean; current: boolean; summary?: ReactNode; children: ReactNode }

/** One step: closed when done, open when it is its turn, visible but quiet before. */
export const Step = ({ number, title, done, current, summary, children }: Props) => (
  <li
    className={classNames('rounded-lg border bg-ground', current ? 'border-line-strong' : 'border-line')}
    aria-current={current ? 'step' : undefined}
  >
    <div className="flex items-center gap-3 px-4 py-3">
      <span
        aria-hidden
        className={classNames(
          'flex size-6 shrink-0 items-center justify-center rounded-full border text-xs font-semibold',
          done ? 'border-accent bg-accent text-on-accent' : current ? 'border-accent text-accent' : 'border-line-strong text-faint',
        )}
      >
        {done ? <Check size={13} strokeWidth={3} /> : number}
      </span>
      <h2 className={classNames('shrink-0 font-medium', !done && !current && 'text-faint')}>
        {title}
        {done && <span className="sr-only"> (done)</span>}
      </h2>
      {done && summary && <span className="ml-auto min-w-0 truncate text-muted">{summary}</span>}
    </div>
    {current && <div className="animate-appear border-t border-line px-4 py-4 sm:pl-13">{children}</div>}
  </li>
)
