import { glyphOf } from '@towline/contract/glyphs'
import type { RunBar } from '@towline/contract/views'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { relativeText } from '../output/format.ts'
import type { Io } from '../output/io.ts'
import { printTable } from '../output/table.ts'

const MAX_BARS = 10

export const barsText = (io: Io, recent: RunBar[]): string =>
  recent
    .slice(-MAX_BARS)
    .map(({ state }) => io.paint(glyphOf(state).glyph, glyphOf(state).sgr))
    .join('')

export const run = async ({ io }: CommandInput<object>): Promise<void> => {
  const { api } = connect()
  const deployments = await api.deployments.list.query()
  io.json(deployments)
  if (deployments.length === 0) {
    io.note('no deployments yet; register some with: towline deploy')
    return
  }
  printTable(
    io,
    ['NAME', 'FLOW', 'CODE', 'POOL', 'VERSION', 'RECENT', 'UPDATED', 'TAGS'],
    deployments.map((one) => [
      one.paused ? `${one.name} (paused)` : one.name,
      one.flow,
      one.codeKind,
      one.poolName,
      String(one.version),
      barsText(io, one.recent),
      relativeText(one.updatedAt),
      one.tags.join(', '),
    ]),
  )
}
