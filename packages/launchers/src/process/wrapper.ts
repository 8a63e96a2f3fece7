/**
 * The parent of every command: `sh -c WRAPPER sh <directory> <program> <arguments…>`. It outlives the agent.
 *
 * - The traps keep it alive when the whole group gets SIGTERM; unlike ignored signals, traps are not inherited by the command.
 * - `set -C` creates the file `pid` exclusively: an agent that found none after a restart creates it first, and then this
 *   command can never start (and never runs twice).
 * - `exit` is written in one call and ends with a newline: a reader takes nothing less. Its place on the disk is taken before the command starts (from
 *   `room`, which the agent left for it and for `pid`), so that a command on a full disk still has an exit code.
 * - The last line ends what the command left in the background, as a container would.
 * - Its own stderr is /dev/null, so messages of the shell ("Killed") never mix with the output of the command.
 */
export const WRAPPER = `d=$1; shift
trap : HUP INT TERM
if [ -r /proc/$$/stat ]; then read -r s < /proc/$$/stat; else s=$(ps -o lstart= -p $$); fi
[ -e "$d/room" ] && : > "$d/room"
set -C
printf '%s\\n%s\\n' "$$" "$s" > "$d/pid" || exit 125
printf '    ' > "$d/exit" || exit 125
set +C
"$@" >> "$d/stdout" 2>> "$d/stderr"
printf '%s\\n' "$?" 1<> "$d/exit"
kill -KILL 0`
