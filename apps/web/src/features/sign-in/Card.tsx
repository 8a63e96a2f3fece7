import type { ReactNode } from 'react'
import { Logo } from '../shell/Logo.tsx'

/** The quiet frame of the pages outside a workspace. */
export const Card = ({
  title,
  description,
  children,
  footer,
}: {
  title: string
  description?: ReactNode
  children: ReactNode
  footer?: ReactNode
}) => (
  <main className="flex min-h-dvh flex-col items-center justify-center bg-sunken px-4 py-10">
    <div className="w-full max-w-[380px]">
      <div className="mb-6 flex items-center justify-center gap-2.5">
        <Logo size={24} />
        <span className="text-lg font-semibold tracking-tight">Towline</span>
      </div>
      <div className="rounded-xl border border-line bg-ground px-6 py-6">
        <h1 className="text-lg font-semibold">{title}</h1>
        {description && <div className="mt-1 text-muted">{description}</div>}
        <div className="mt-5 flex flex-col gap-4">{children}</div>
      </div>
      {footer && <p className="mt-4 text-center text-muted">{footer}</p>}
    </div>
  </main>
)
