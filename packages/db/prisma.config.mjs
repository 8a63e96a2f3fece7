import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Read by the Prisma CLI alone. The processes hand their own connection to the client. */
export default {
  schema: join(repository, 'prisma', 'schema.prisma'),
  migrations: { path: join(repository, 'prisma', 'migrations') },
}
