import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type Column<T> = {
  id: string
  title: ReactNode
  cell: (row: T) => ReactNode
  /** Tailwind classes of head and cells: width, alignment, where it is hidden. */
  className?: string
}

type Props<T> = {
  label: string
  columns: Column<T>[]
  rows: T[]
  rowId: (row: T) => string
  /** The whole row is this link; buttons inside stand above it. */
  href?: (row: T) => string
  selectedId?: string | null
  marked?: (row: T) => boolean
  dimmed?: (row: T) => boolean
}

export const Table = <T,>({ label, columns, rows, rowId, href, selectedId, marked, dimmed }: Props<T>) => (
  <table aria-label={label} className="w-full border-separate border-spacing-0 text-left">
    <thead>
      <tr>
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            className={classNames(
              'sticky top-0 z-20 h-8 border-b border-line bg-sunken px-3 text-xs font-medium whitespace-nowrap text-faint',
              column.className,
            )}
          >
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => {
        const id = rowId(row)
        return (
          <tr
            key={id}
            data-row={id}
            aria-selected={selectedId === id || undefined}
            className={classNames(
              'group relative scroll-my-12',
              marked?.(row) ? 'bg-selection' : 'hover:bg-hover',
              dimmed?.(row) && 'opacity-60',
              selectedId === id && 'bg-hover shadow-[inset_2px_0_0_var(--accent)]',
            )}
          >
            {columns.map((column, index) => (
              <td key={column.id} className={classNames('h-11 border-b border-line px-3 py-1.5', column.className)}>
                {index === 0 && href && (
                  <Link href={href(row)} prefetch={false} aria-label={`Open ${id}`} tabIndex={-1} className="absolute inset-0 z-0" />
                )}
                {column.cell(row)}
              </td>
            ))}
          </tr>
        )
      })}
    </tbody>
  </table>
)
