import type { ReactNode } from 'react'

type Props = { title: ReactNode; badge?: ReactNode; description?: ReactNode; actions?: ReactNode }

export const PageHeader = ({ title, badge, description, actions }: Props) => (
  <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
    <div className="min-w-0 max-w-full">
      <div className="flex min-h-8 min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="line-clamp-3 min-w-0 break-words text-xl font-semibold tracking-tight">{title}</h1>
        {badge}
      </div>
      {description && <div className="mt-0.5 text-muted">{description}</div>}
    </div>
    {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
  </header>
)
