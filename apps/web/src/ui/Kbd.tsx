import { classNames } from './class-names.ts'

export const Kbd = ({ children, inverse }: { children: string; inverse?: boolean }) => (
  <kbd
    className={classNames(
      'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border px-1 font-sans text-[11px] leading-none',
      inverse ? 'border-on-inverse/30' : 'border-line-strong text-faint',
    )}
  >
    {children}
  </kbd>
)
