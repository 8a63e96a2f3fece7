// No file of code is longer than 400 lines: a giant is cut while it is still cheap to cut.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const MAX_LINES = 400
const CODE = /\.(ts|tsx|mjs|cjs|js|css|sql|yaml|sh)$/
/** Written once by a tool, or the single source of a shape. */
const EXEMPT = /^(prisma\/migrations\/|.*\.generated\.)/

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\n')
const tooLong = files
  .filter((file) => CODE.test(file) && !EXEMPT.test(file))
  .map((file) => ({ file, lines: countLines(file) }))
  .filter(({ lines }) => lines > MAX_LINES)

for (const { file, lines } of tooLong) console.error(`${file}: ${lines} lines, at most ${MAX_LINES}. Cut it at its seams.`)
process.exitCode = tooLong.length === 0 ? 0 : 1

function countLines(file) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').length
  } catch {
    return 0
  }
}
