import { createServer } from 'node:net'
import { Refusal } from './refusal.ts'

/** Refuses with one line when another program listens on the port. */
export const assertPortFree = async (port: number): Promise<void> => {
  const error = await listenOnce(port)
  if (error === null) return
  const advice = `Choose another: npm start -- --port ${port + 100}`
  if (error.code === 'EADDRINUSE') throw new Refusal(`Port ${port} is taken by another program. ${advice}`)
  if (error.code === 'EACCES') throw new Refusal(`Port ${port} needs more rights than this user has. ${advice}`)
  throw new Refusal(`Port ${port} cannot be used (${error.message}). ${advice}`)
}

const listenOnce = (port: number): Promise<NodeJS.ErrnoException | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error))
    server.listen(port, () => server.close(() => resolve(null)))
  })
