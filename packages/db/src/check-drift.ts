import { findDrift } from './drift.ts'
import { startTestServer } from './test-server.ts'

/** For CI: migrates an empty database and fails when schema.prisma says something else than the migrations. */
const server = await startTestServer()
try {
  const address = new URL(server.url)
  address.pathname = `/${server.template}`
  const drift = await findDrift(address.toString())
  if (drift !== '') {
    process.stderr.write(`prisma/schema.prisma and prisma/migrations disagree. To agree, the database would need:\n\n${drift}\n`)
    process.exitCode = 1
  }
} finally {
  await server.stop()
}
