import { CopyButton } from './CopyButton.tsx'
import { classNames } from './class-names.ts'

type Props = { code: string; prompt?: boolean; label?: string; maxHeight?: number; wrap?: boolean }

/** `$` before each command, nothing before the lines that go on one. */
const promptsOf = (code: string): { line: string; mark: string; key: string }[] =>
  code.split('\n').map((line, index, lines) => ({ line, mark: lines[index - 1]?.endsWith('\\') ? '  ' : '$ ', key: `${index}:${line}` }))

/** Code or a command to copy. `prompt` shows a $ that is not copied; `wrap` breaks long lines, for text that is read rather than typed. */
export const CodeBlock = ({ code, prompt, label, maxHeight, wrap }: Props) => (
  <div className="flex min-w-0 items-start rounded-md border border-line bg-sunken text-left">
    <section
      className="thin-scroll min-w-0 flex-1 overflow-auto rounded-md focus-visible:outline-offset-[-2px]"
      style={maxHeight ? { maxHeight } : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
      tabIndex={0}
      aria-label={label ?? 'Code'}
    >
      <pre
        className={classNames('py-2.5 pr-2 pl-3 font-mono text-xs leading-5 text-text', wrap ? 'break-words whitespace-pre-wrap' : 'w-fit')}
      >
        {prompt
          ? promptsOf(code).map(({ line, mark, key }) => (
              <span key={key} className="block">
                <span aria-hidden className="select-none text-faint">
                  {mark}
                </span>
                {line}
              </span>
            ))
          : code}
      </pre>
    </section>
    <CopyButton text={code} label={label ? `Copy ${label}` : 'Copy'} className="m-1.5" />
  </div>
)
