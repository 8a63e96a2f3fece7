import { describe, expect, it } from 'vitest'
import { agentCommands } from './agent-commands.ts'

const local = { publicUrl: 'http://localhost:7600', gatewayUrl: 'http://localhost:7601', agentImage: 'towline/agent:latest' }
const codeOf = (id: string, ...input: Parameters<typeof agentCommands>) =>
  agentCommands(...input).find((command) => command.id === id)?.code

describe('the commands that start an agent', () => {
  it('hold the real addresses and the key', () => {
    expect(codeOf('shell', local, 'process', 'tla_x')).toBe('curl -fsSL http://localhost:7600/install.sh | sh -s -- --key tla_x')
  })

  it('reach a gateway on the same host from inside a container', () => {
    expect(codeOf('docker', local, 'docker', 'tla_x')).toContain('--add-host host.docker.internal:host-gateway')
    expect(codeOf('docker', local, 'docker', 'tla_x')).toContain('TOWLINE_GATEWAY_URL=http://host.docker.internal:7601')
    const remote = codeOf('docker', { ...local, gatewayUrl: 'https://gateway.acme.io' }, 'docker', 'tla_x')
    expect(remote).not.toContain('host.docker.internal')
  })

  it('mount the Docker socket, with the group that may use it, only where runs are containers', () => {
    expect(codeOf('docker', local, 'docker', null)).toMatch(/-v \/var\/run\/docker\.sock[\s\S]*--group-add "\$\(stat/)
    expect(codeOf('docker', local, 'process', null)).not.toMatch(/docker\.sock|group-add/)
  })

  it('give the agent an init, and the time to drain', () => {
    for (const type of ['process', 'docker'] as const) expect(codeOf('docker', local, type, null)).toMatch(/--init --stop-timeout 600/)
  })
})
