'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import type { LogLineView } from '@towline/contract/views'
import { ArrowDown } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { formatCount, plural } from '../../ui/format/format-number.ts'
import { useShortcuts } from '../shell/shortcuts.ts'
import { estimateLine } from './estimate-line.ts'
import { attemptsOf, filterLogs, type LogFilter, logsAsText } from './filter-logs.ts'
import { LogRow } from './LogRow.tsx'
import { LogToolbar } from './LogToolbar.tsx'

const OVERSCAN = 12
const NEAR_END = 40

const download = (name: string, text: string) => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

type Props = {
  lines: LogLineView[]
  /** Grows with every change of `lines`, which is changed in place. */
  version: number
  live: boolean
  name: string
  filter: LogFilter
  onFilter: (filter: LogFilter) => void
  emptyText: string
}

/** The logs of a run: they follow the end until somebody scrolls up, and again when they come back to it. */
export const LogView = ({ lines, version, live, name, filter, onFilter, emptyText }: Props) => {
  const scroller = useRef<HTMLDivElement>(null)
  const searchRef = useRef<HTMLInputElement>(null)
  const [follow, setFollow] = useState(true)
  const [wrap, setWrap] = useState(true)
  const [seen, setSeen] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `lines` is changed in place and `version` says so
  const shown = useMemo(() => filterLogs(lines, filter), [lines, version, filter])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const attempts = useMemo(() => attemptsOf(lines), [lines, version])
  // Rows are known by their place, not by a key: keys would be made for all lines again with every frame that is scrolled.
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const line = shown[index]
      return line ? estimateLine(line, scroller.current?.clientWidth ?? 0, wrap) : 0
    },
    overscan: OVERSCAN,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines stand in those places now, or they are wrapped otherwise
  useEffect(() => virtual.measure(), [virtual, filter, wrap])
  const following = follow && live

  useEffect(() => {
    if (following && shown.length > 0) virtual.scrollToIndex(shown.length - 1, { align: 'end' })
  }, [following, shown.length, virtual])

  useShortcuts({ f: () => setFollow((now) => !now), w: () => setWrap((now) => !now), '/': () => searchRef.current?.focus() })

  const onScroll = () => {
    const box = scroller.current
    if (!box) return
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END
    if (atEnd !== follow) {
      setFollow(atEnd)
      setSeen(shown.length)
    }
  }
  const fresh = follow ? 0 : Math.max(0, shown.length - seen)

  return (
    <div className="relative flex min-h-[260px] flex-1 flex-col overflow-hidden rounded-lg border border-line">
      <LogToolbar
        filter={filter}
        onFilter={onFilter}
        attempts={attempts}
        follow={follow}
        onFollow={() => setFollow((now) => !now)}
        wrap={wrap}
        onWrap={() => setWrap((now) => !now)}
        onDownload={() => download(`${name}.log`, logsAsText(lines))}
        live={live}
        count={
          shown.length === lines.length ? plural(lines.length, 'line') : `${formatCount(shown.length)} of ${plural(lines.length, 'line')}`
        }
        searchRef={searchRef}
      />
      {shown.length === 0 ? (
        <p className="flex flex-1 items-center justify-center p-6 text-center text-faint">
          {lines.length > 0 ? 'No line matches.' : emptyText}
        </p>
      ) : (
        <section
          ref={scroller}
          onScroll={onScroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
          tabIndex={0}
          aria-label="Logs"
          className="thin-scroll min-h-0 flex-1 overflow-auto py-1 font-mono text-xs leading-5 outline-offset-[-2px]"
        >
          <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const line = shown[item.index]
              return (
                line && (
                  <div
                    key={item.key}
                    data-index={item.index}
                    ref={virtual.measureElement}
                    className="absolute top-0 left-0 min-w-full"
                    style={{ transform: `translateY(${item.start}px)`, ...(wrap ? { width: '100%' } : {}) }}
                  >
                    <LogRow
                      line={line}
                      wrap={wrap}
                      search={filter.search.trim().toLowerCase()}
                      showAttempt={attempts.length > 1}
                      onTask={(task) => onFilter({ ...filter, task })}
                    />
                  </div>
                )
              )
            })}
          </div>
        </section>
      )}
      {live && fresh > 0 && (
        <button
          type="button"
          onClick={() => setFollow(true)}
          className="absolute right-4 bottom-3 inline-flex animate-appear items-center gap-1.5 rounded-full bg-inverse px-3 py-1 text-xs font-medium text-on-inverse"
        >
          <ArrowDown size={13} /> {plural(fresh, 'new line')}
        </button>
      )}
    </div>
  )
}
