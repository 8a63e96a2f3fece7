import { CopyButton } from './CopyButton.tsx'

/** One short value, such as an id, with a button that copies it. */
export const CopyField = ({ value, shown }: { value: string; shown?: string }) => (
  <span className="-my-0.5 inline-flex h-6 max-w-full min-w-0 items-center gap-1 align-middle">
    <span className="truncate font-mono text-xs text-muted" title={value}>
      {shown ?? value}
    </span>
    <CopyButton text={value} label="Copy" className="size-6" />
  </span>
)
