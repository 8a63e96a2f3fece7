import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { assertPortFree } from './ports.ts'

test('a taken port is refused with a line that names another way, a free one is not', async () => {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await expect(assertPortFree(port)).rejects.toThrow(
    new RegExp(`^Port ${port} is taken by another program\\. Choose another: npm start -- --port \\d+$`),
  )
  server.close()
  await once(server, 'close')
  await expect(assertPortFree(port)).resolves.toBeUndefined()
})
