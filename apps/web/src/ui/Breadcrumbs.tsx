import Link from 'next/link'
import { Fragment } from 'react'

export type Crumb = { label: string; href?: string }

export const Breadcrumbs = ({ crumbs }: { crumbs: Crumb[] }) => (
  <nav aria-label="Breadcrumb" className="min-w-0">
    <ol className="flex min-w-0 items-center gap-1.5">
      {crumbs.map((crumb, index) => {
        const last = index === crumbs.length - 1
        return (
          <Fragment key={crumb.href ?? crumb.label}>
            <li className={last ? 'min-w-0 truncate' : 'shrink-0 max-sm:hidden'}>
              {crumb.href && !last ? (
                <Link href={crumb.href} className="rounded-sm text-muted hover:text-text">
                  {crumb.label}
                </Link>
              ) : (
                <span aria-current={last ? 'page' : undefined} className="text-text">
                  {crumb.label}
                </span>
              )}
            </li>
            {!last && (
              <li aria-hidden className="text-line-strong max-sm:hidden">
                /
              </li>
            )}
          </Fragment>
        )
      })}
    </ol>
  </nav>
)
