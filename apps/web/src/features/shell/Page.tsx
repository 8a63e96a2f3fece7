'use client'

import { Menu as MenuIcon } from 'lucide-react'
import { createContext, type ReactNode, useContext, useEffect } from 'react'
import { LiveMark } from '../../live/LiveMark.tsx'
import { Breadcrumbs, type Crumb } from '../../ui/Breadcrumbs.tsx'
import { classNames } from '../../ui/class-names.ts'
import { IconButton } from '../../ui/IconButton.tsx'

export const OpenSidebarContext = createContext<() => void>(() => undefined)

type Props = { title: string; crumbs: Crumb[]; actions?: ReactNode; children: ReactNode; narrow?: boolean; fill?: boolean }

/** The frame inside the frame: breadcrumb bar, live mark and the scrolling page. `fill`: on wide screens the page is as high as the window and its parts scroll. */
export const Page = ({ title, crumbs, actions, children, narrow, fill }: Props) => {
  const openSidebar = useContext(OpenSidebarContext)
  useEffect(() => {
    document.title = `${title} · Towline`
  }, [title])
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-ground px-3 sm:px-5">
        <IconButton label="Open navigation" className="-ml-1 lg:hidden" onClick={openSidebar}>
          <MenuIcon size={16} />
        </IconButton>
        <Breadcrumbs crumbs={crumbs} />
        <div className="ml-auto flex shrink-0 items-center gap-3">
          {actions}
          <LiveMark />
        </div>
      </div>
      <main id="page" tabIndex={-1} className="thin-scroll min-h-0 flex-1 overflow-y-auto outline-none">
        <div
          className={classNames(
            'mx-auto flex w-full flex-col gap-5 px-3 py-4 sm:px-5 sm:py-5',
            narrow ? 'max-w-4xl' : 'max-w-[1440px]',
            fill && 'lg:h-full',
          )}
        >
          {children}
        </div>
      </main>
    </>
  )
}
