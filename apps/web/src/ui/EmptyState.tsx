import type { ReactNode } from 'react'

type Props = { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }

/** Teaches: what would be here in one sentence, and the next step with real values. */
export const EmptyState = ({ icon, title, children, actions }: Props) => (
  <div className="mx-auto flex w-full max-w-xl flex-col items-center gap-3 px-4 py-12 text-center">
    {icon && <span className="flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-faint">{icon}</span>}
    <h2 className="text-base font-semibold">{title}</h2>
    {children && <div className="flex w-full flex-col gap-3 text-muted">{children}</div>}
    {actions && <div className="flex flex-wrap justify-center gap-2">{actions}</div>}
  </div>
)
