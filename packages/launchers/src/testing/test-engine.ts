import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A door to the real engine that can be shut: what an agent sees of an engine that restarts while its containers live on.
 * `address` goes into DOCKER_HOST.
 */
export class EngineDoor {
  readonly address: string
  readonly #path: string
  readonly #engineSocket: string
  readonly #sockets = new Set<Socket>()
  #server: Server | null = null

  constructor(path: string, engineSocket = '/var/run/docker.sock') {
    this.#path = path
    this.#engineSocket = engineSocket
    this.address = `unix://${path}`
  }

  open(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(this.#engineSocket)
      for (const socket of [near, far]) {
        this.#sockets.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => this.#sockets.delete(socket))
      }
      near.on('close', () => far.destroy())
      far.on('close', () => near.destroy())
      near.pipe(far).pipe(near)
    })
    this.#server = server
    return new Promise((resolve, reject) => server.once('error', reject).listen(this.#path, resolve))
  }

  async shut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
