import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { findQueue } from '../find-queue.ts'

type Input = CommandInput<{ pool: string }>

const set = async ({ args: [typed = ''], options, io }: Input, paused: boolean): Promise<void> => {
  const { api } = connect()
  const command = `towline queues ${paused ? 'pause' : 'resume'}`
  const { pool, queue } = await findQueue(api, { pool: options.pool, name: typed, command })
  const updated = await api.queues.update.mutate({ pool: pool.name, name: queue.name, paused })
  io.json(updated)
  io.line(
    paused
      ? `‖ ${queue.name} of ${pool.name} is paused: no new run of it starts. Go on with: towline queues resume ${queue.name} --pool ${pool.name}`
      : `${queue.name} of ${pool.name} goes on`,
  )
  if (!paused && pool.paused) io.note(`the whole pool is paused; go on with: towline pools resume ${pool.name}`)
}

export const pause = { run: (input: Input) => set(input, true) }
export const resume = { run: (input: Input) => set(input, false) }
