import type { Api } from './client.ts'
import type { Session } from './config.ts'

export const workspaceSlug = async (api: Api, session: Session): Promise<string | null> => {
  if (session.workspace) return session.workspace
  const { workspace } = await api.auth.whoami.query()
  return workspace?.slug ?? null
}

/** The page of a run; without the name of the workspace the front page will do. */
export const runLink = async (api: Api, session: Session, id: string): Promise<string> => {
  const slug = await workspaceSlug(api, session).catch(() => null)
  return slug ? `${session.url}/w/${slug}/runs/${id}` : session.url
}
