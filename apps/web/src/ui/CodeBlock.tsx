import { CopyButton } from './CopyButton.tsx'

/** Code or a command to copy. `prompt` shows a $ that is not copied. */
export const CodeBlock = ({ code, prompt, label, maxHeight }: { code: string; prompt?: boolean; label?: string; maxHeight?: number }) => (
  <div className="group relative rounded-md border border-line bg-sunken text-left">
    <pre
      className="thin-scroll overflow-auto py-2.5 pr-11 pl-3 font-mono text-xs leading-5 text-text"
      style={maxHeight ? { maxHeight } : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
      tabIndex={0}
      aria-label={label ?? 'Code'}
    >
      {prompt
        ? code.split('\n').map((line, index, lines) => (
            <span key={`${index}:${line}`} className="block">
              <span aria-hidden className="select-none text-faint">
                {index === 0 || !lines[index - 1]?.endsWith('\\') ? '$ ' : '  '}
              </span>
              {line}
            </span>
          ))
        : code}
    </pre>
    <CopyButton text={code} label={label ? `Copy ${label}` : 'Copy'} className="absolute top-1.5 right-1.5 bg-sunken" />
  </div>
)
