import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { workspaceSlug } from '../run-link.ts'
import { openBrowser } from './login.ts'

/** Opens the dashboard, or the page of a deployment or run. */
export const run = async ({ args: [ref], io }: CommandInput<object>): Promise<void> => {
  const { api, session } = connect()
  const slug = await workspaceSlug(api, session)
  let path = slug ? `/w/${slug}` : ''
  if (ref !== undefined) {
    const deployments = await api.deployments.list.query()
    path += deployments.some(({ name }) => name === ref) ? `/deployments/${ref}` : `/runs/${(await api.runs.get.query({ id: ref })).id}`
  }
  const url = `${session.url}${path}`
  io.json({ url })
  io.line(url)
  if (process.stdout.isTTY) openBrowser(url)
}
