import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** The way to the database, which a test can cut and mend: a plain TCP relay in front of it. */
export type DatabaseCable = { url: string; cut(): void; mend(): Promise<void>; close(): void }

export const layCable = async (databaseUrl: string): Promise<DatabaseCable> => {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const relay = (client: Socket): void => {
    const server = connect(Number(target.port || 5432), target.hostname)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.pipe(server).pipe(client)
  }
  let server: Server | null = null
  const open = async (port: number): Promise<number> => {
    server = createServer(relay).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await open(0)
  const cut = (): void => {
    server?.close()
    server = null
    for (const socket of sockets) socket.destroy()
  }
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return { url: url.toString(), cut, mend: async () => void (await open(port)), close: cut }
}
