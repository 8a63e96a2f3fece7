import type { PoolType } from '@towline/contract/run-spec'
import type { Installation } from '../shell/workspace-context.ts'

const PLACEHOLDER = '<agent key>'

/** The address of the gateway as a container reaches it: `localhost` is the container itself there. */
const fromContainer = (url: string): string => url.replace(/\/\/(localhost|127\.0\.0\.1)(?=[:/]|$)/, '//host.docker.internal')

export type AgentCommand = { id: string; label: string; note: string; code: string }

/** How to start an agent, with the real addresses and, where there is one, the real key. */
export const agentCommands = ({ publicUrl, gatewayUrl, agentImage }: Installation, type: PoolType, key: string | null): AgentCommand[] => {
  const secret = key ?? PLACEHOLDER
  const inside = fromContainer(gatewayUrl)
  const shell: AgentCommand = {
    id: 'shell',
    label: 'Shell',
    note: 'Linux or macOS with Node.js 20.19 or newer. It stays in the foreground; --background lets it run on, --service prints a systemd unit.',
    code: `curl -fsSL ${publicUrl}/install.sh | sh -s -- --key ${secret}`,
  }
  const docker: AgentCommand = {
    id: 'docker',
    label: 'Docker',
    note:
      type === 'docker'
        ? 'The agent starts the containers of runs through the Docker socket of its host.'
        : 'Runs are processes inside this container.',
    code: [
      // Its init reaps what runs leave behind; docker stop gives it the time to drain.
      'docker run -d --name towline-agent --restart unless-stopped --init --stop-timeout 600 \\',
      // The agent is not root, so it needs the group of the socket: 0 where the engine has a machine of its own (Docker Desktop).
      ...(type === 'docker'
        ? [
            '  -v /var/run/docker.sock:/var/run/docker.sock \\',
            '  --group-add "$(stat -c %g /var/run/docker.sock 2>/dev/null || echo 0)" \\',
          ]
        : []),
      '  -v towline-agent:/data \\',
      ...(inside === gatewayUrl ? [] : ['  --add-host host.docker.internal:host-gateway \\']),
      `  -e TOWLINE_GATEWAY_URL=${inside} \\`,
      `  -e TOWLINE_AGENT_KEY=${secret} \\`,
      `  ${agentImage}`,
    ].join('\n'),
  }
  const cli: AgentCommand = {
    id: 'cli',
    label: 'CLI',
    note: 'Where the towline command is installed already.',
    code: `towline agent start --url ${gatewayUrl} --key ${secret}`,
  }
  return [shell, docker, cli]
}
