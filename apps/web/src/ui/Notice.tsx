import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { TONE_TEXT, TONE_TINT, type Tone } from './state/state-look.ts'

type Props = { tone: Tone; title: ReactNode; children?: ReactNode; icon?: ReactNode; actions?: ReactNode }

/** Something that the reader of a page should know first: what, why and what to do. */
export const Notice = ({ tone, title, children, icon, actions }: Props) => (
  <section className={classNames('flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border px-3 py-2.5', TONE_TINT[tone])}>
    {icon && <span className={classNames('mt-0.5', TONE_TEXT[tone])}>{icon}</span>}
    <div className="min-w-0 flex-1 basis-60">
      <div className={classNames('font-medium', TONE_TEXT[tone])}>{title}</div>
      {children && <div className="text-muted">{children}</div>}
    </div>
    {actions && <div className="flex gap-2">{actions}</div>}
  </section>
)
