export type ConfiguredProviders = { github: boolean; google: boolean }

/** A provider counts as configured when both halves of its credentials are set. */
export const configuredProviders = (env: Record<string, string | undefined>): ConfiguredProviders => ({
  github: Boolean(env.GITHUB_CLIENT_ID && env.GITHUB_CLIENT_SECRET),
  google: Boolean(env.GOOGLE_CLIENT_ID && env.GOOGLE_CLIENT_SECRET),
})
