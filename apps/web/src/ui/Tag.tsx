import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export const Tag = ({ children, mono }: { children: ReactNode; mono?: boolean }) => (
  <span
    className={classNames(
      'inline-flex h-5 max-w-48 min-w-0 items-center rounded-sm border border-line bg-sunken px-1.5 text-xs text-muted',
      mono && 'font-mono text-[11px]',
    )}
  >
    <span className="truncate">{children}</span>
  </span>
)

export const TagList = ({ tags, max = 3 }: { tags: string[]; max?: number }) => (
  <span className="inline-flex min-w-0 flex-wrap items-center gap-1">
    {tags.slice(0, max).map((tag) => (
      <Tag key={tag}>{tag}</Tag>
    ))}
    {tags.length > max && <span className="text-xs text-faint" title={tags.slice(max).join(', ')}>{`+${tags.length - max}`}</span>}
  </span>
)
