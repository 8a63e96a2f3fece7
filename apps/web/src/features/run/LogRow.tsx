import type { LogLineView } from '@towline/contract/views'
import { classNames } from '../../ui/class-names.ts'
import { formatAbsolute, formatClock } from '../../ui/format/format-time.ts'
import { plainText } from './filter-logs.ts'

const LEVEL_COLOUR = { debug: 'text-faint', info: 'text-text', warn: 'text-amber', error: 'text-red' } as const
const LEVEL_WORD = { debug: 'debug', info: 'info', warn: 'warn', error: 'error' } as const

const Highlighted = ({ text, search }: { text: string; search: string }) => {
  if (!search) return <>{text}</>
  const parts: { text: string; hit: boolean; at: number }[] = []
  const haystack = text.toLowerCase()
  let from = 0
  for (let hit = haystack.indexOf(search); hit >= 0; hit = haystack.indexOf(search, from)) {
    parts.push({ text: text.slice(from, hit), hit: false, at: from }, { text: text.slice(hit, hit + search.length), hit: true, at: hit })
    from = hit + search.length
  }
  parts.push({ text: text.slice(from), hit: false, at: from })
  return (
    <>
      {parts.map((part) =>
        part.hit ? (
          <mark key={`${part.at}h`} className="rounded-[2px] bg-amber/30 text-inherit">
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </>
  )
}

type Props = { line: LogLineView; wrap: boolean; search: string; showAttempt: boolean; onTask: (task: string) => void }

export const LogRow = ({ line, wrap, search, showAttempt, onTask }: Props) => (
  <div className="flex min-w-full gap-3 px-3 py-px hover:bg-hover">
    <time dateTime={line.at.toISOString()} title={formatAbsolute(line.at)} className="shrink-0 text-faint select-none max-sm:hidden">
      {formatClock(line.at)}
    </time>
    <span
      className={classNames(
        'w-11 shrink-0 select-none',
        line.level ? LEVEL_COLOUR[line.level] : line.stream === 'stderr' ? 'text-amber' : 'text-faint',
      )}
    >
      {line.level ? LEVEL_WORD[line.level] : line.stream}
    </span>
    {showAttempt && <span className="shrink-0 text-faint select-none">#{line.attempt}</span>}
    {line.task && (
      <button
        type="button"
        onClick={() => onTask(line.task ?? '')}
        className="max-w-40 shrink-0 self-start truncate text-left text-accent hover:underline"
        title={`Only ${line.task}`}
      >
        {line.task}
      </button>
    )}
    <span
      className={classNames(
        'min-w-0',
        wrap ? 'break-words whitespace-pre-wrap' : 'whitespace-pre',
        line.level === 'error' ? 'text-red' : line.level === 'debug' ? 'text-faint' : 'text-text',
      )}
    >
      <Highlighted text={plainText(line.text)} search={search} />
    </span>
  </div>
)
