import type { Installation } from '../features/shell/workspace-context.ts'

/** Read when a page is asked for, not when it was built: the same build serves every installation. */
export const readInstallation = (env: Record<string, string | undefined>): Installation => ({
  publicUrl: (env.TOWLINE_PUBLIC_URL ?? `http://localhost:${env.TOWLINE_WEB_PORT ?? 7600}`).replace(/\/+$/, ''),
  gatewayUrl: (env.TOWLINE_GATEWAY_URL ?? 'http://localhost:7601').replace(/\/+$/, ''),
  agentImage: env.TOWLINE_AGENT_IMAGE ?? 'towline/agent:latest',
})
