import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

test('the gateway takes the port after the dashboard', () => {
  expect(readSettings(['--port', '8000'], {}, '/repo')).toMatchObject({
    webPort: 8000,
    gatewayPort: 8001,
    agentPort: 8002,
    schedulerPort: 8003,
    dataDir: '/repo/.towline',
    databaseUrl: null,
  })
})

test('the environment names the data folder, the ports and the database', () => {
  const env = {
    TOWLINE_DATA_DIR: '/data',
    TOWLINE_WEB_PORT: '9000',
    TOWLINE_GATEWAY_PORT: '9500',
    DATABASE_URL: 'postgresql://elsewhere/towline',
  }
  expect(readSettings([], env, '/repo')).toMatchObject({
    webPort: 9000,
    gatewayPort: 9500,
    dataDir: '/data',
    databaseUrl: 'postgresql://elsewhere/towline',
  })
})

test.each([
  [['--port', 'x'], /"x" is not a port.*--port 7600/],
  [['--port', '70000'], /"70000" is not a port/],
  [['--prot', '8000'], /--prot.*npm start -- --help/],
])('%j is refused with one line that says what to do', (args, message) => {
  expect(() => readSettings(args, {}, '/repo')).toThrow(message)
})

test('--help asks for the usage', () => {
  expect(readSettings(['--help'], {}, '/repo')).toBeNull()
})
