import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFlowProject, type FlowProject, startFile } from './testing/flow-project.ts'

let project: FlowProject
beforeAll(async () => {
  project = await createFlowProject()
})
afterAll(() => project.remove())

const FLOW = `
import { flow, logger, main, task } from '@towline/sdk'
import { z } from 'zod'
const add = task({ name: 'add', run: async (a, b) => a + b })
export const etl = flow({
  name: 'etl',
  parameters: z.object({ a: z.int().default(1), b: z.int().default(2), zip: z.string().default('') }),
  run: async ({ a, b, zip }) => {
    const sum = await add(a, b)
    logger.info('sum', { sum, zip })
    if (sum > 100) throw new Error('too much')
    return sum
  },
})
await main(import.meta, etl)
`

test('a file runs with plain node and no server, printing states and lines, with exit code 0', async () => {
  const file = await project.write('ok.mjs', FLOW)
  const { code, stdout, stderr } = await startFile(file, { args: ['-p', 'a=40', '-p', 'zip=007'] }).ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.slice(14))
  expect(lines.slice(0, 2)).toEqual(['● etl  Running', '  ● add  Running'])
  expect(lines[2]).toMatch(/^ {2}✓ add {2}Completed {2}\d+ ms$/)
  expect(lines[3]).toBe('    info  sum sum=42 zip=007')
  expect(lines[4]).toMatch(/^✓ etl {2}Completed {2}\d+ ms$/)
})

test('a flow that fails ends with exit code 1 and says where, in the user’s own file', async () => {
  const file = await project.write('fails.mjs', FLOW)
  const { code, stdout } = await startFile(file, { args: ['-p', 'a=400'] }).ended
  expect(code).toBe(1)
  expect(stdout).toMatch(/error Error: too much\n\s+at run .*fails\.mjs:11:/)
  expect(stdout).toMatch(/✗ etl {2}Failed {2}too much\n$/)
  expect(stdout).not.toMatch(/sdk\/dist/)
})

test('parameters that do not match are listed, and nothing runs', async () => {
  const file = await project.write('params.mjs', FLOW)
  const { code, stdout } = await startFile(file, { args: ['-p', 'a=soon'] }).ended
  expect(code).toBe(1)
  expect(stdout).toMatch(/a: Invalid input: expected number, received string/)
  expect(stdout).not.toMatch(/add/)
})

test('a flag that cannot be read is a usage error, and --help lists the parameters', async () => {
  const file = await project.write('flags.mjs', FLOW)
  const wrong = await startFile(file, { args: ['-p', 'nonsense'] }).ended
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toMatch(/^error: "nonsense" is not a parameter/)
  const help = await startFile(file, { args: ['--help'] }).ended
  expect(help.stdout).toMatch(/-p a=… {2}integer, default 1/)
})

test('importing a flow file runs nothing', async () => {
  await project.write('imported.mjs', FLOW)
  const file = await project.write('importer.mjs', "import { etl } from './imported.mjs'; console.log(etl.name)")
  expect((await startFile(file).ended).stdout).toBe('etl\n')
})

test('a flow may be called like a function, alone', async () => {
  await project.write('callee.mjs', FLOW)
  const file = await project.write('caller.mjs', "import { etl } from './callee.mjs'; console.log('=', await etl({ a: 2, b: 3 }))")
  const { code, stdout } = await startFile(file).ended
  expect(code).toBe(0)
  expect(stdout).toMatch(/Completed {2}\d+ ms\n= 5\n$/)
})

test('colours obey NO_COLOR, pipes and FORCE_COLOR', async () => {
  const file = await project.write('colours.mjs', FLOW)
  expect((await startFile(file).ended).stdout).not.toContain('\u001b[')
  const forced = await startFile(file, { env: { NO_COLOR: '', FORCE_COLOR: '1' } }).ended
  expect(forced.stdout).toContain('\u001b[34m●\u001b[0m')
})
