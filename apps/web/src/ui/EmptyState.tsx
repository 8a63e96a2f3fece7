import type { ReactNode } from 'react'

type Props = { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode; heading?: 'h1' | 'h2' }

/** Teaches: what would be here in one sentence, and the next step with real values. */
export const EmptyState = ({ icon, title, children, actions, heading: Heading = 'h2' }: Props) => (
  <div className="mx-auto flex w-full max-w-xl flex-col items-center gap-3 px-4 py-12 text-center">
    {icon && <span className="flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-faint">{icon}</span>}
    <Heading className="text-base font-semibold">{title}</Heading>
    {children && <div className="flex w-full flex-col gap-3 text-muted">{children}</div>}
    {actions && <div className="flex flex-wrap justify-center gap-2">{actions}</div>}
  </div>
)
