import { CliError, EXIT } from '../cli-error.ts'
import type { CommandInput } from '../command.ts'

/** The shells ask `towline __complete` with the words so far, so the script never grows old. */
const SCRIPTS: Record<string, string> = {
  bash: `_towline() {
  local IFS=$'\\n'
  COMPREPLY=($(towline __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _towline towline
`,
  zsh: `#compdef towline
_towline() {
  local -a found
  found=("\${(@f)$(towline __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "$found" ]] && compadd -a found || _files
}
compdef _towline towline
`,
  fish: `complete -c towline -f -a '(towline __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
}

export const run = ({ args: [shell = ''] }: CommandInput<object>): void => {
  const script = SCRIPTS[shell]
  if (!script)
    throw new CliError(`there is no completion for "${shell}"`, {
      exit: EXIT.usage,
      remedy: `towline completion ${Object.keys(SCRIPTS).join('|')}`,
    })
  process.stdout.write(script)
}
