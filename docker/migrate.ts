import { migrate } from '../packages/db/src/migrate.ts'

// Safe to run from many places at once: an advisory lock lets one migrate and the others wait.
const url = process.env.TOWLINE_DATABASE_URL || process.env.DATABASE_URL
if (!url) {
  process.stderr.write('TOWLINE_DATABASE_URL is not set\n')
  process.exit(1)
}
try {
  await migrate(url)
  process.stdout.write('The database is up to date\n')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
