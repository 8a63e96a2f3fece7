import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface FlowProject {
  directory: string
  write: (name: string, text: string) => void
  remove: () => void
}

/** A user's folder with the SDK and zod installed. */
export const createFlowProject = async (): Promise<FlowProject> => {
  const directory = mkdtempSync(join(tmpdir(), 'towline-project-'))
  const sdk = join(directory, 'node_modules/@towline/sdk')
  mkdirSync(sdk, { recursive: true })
  await build({
    entryPoints: [fileURLToPath(new URL('../../../../packages/sdk/src/index.ts', import.meta.url))],
    outfile: join(sdk, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
  })
  writeFileSync(join(sdk, 'package.json'), JSON.stringify({ name: '@towline/sdk', type: 'module', exports: './index.js' }))
  symlinkSync(dirname(createRequire(import.meta.url).resolve('zod/package.json')), join(directory, 'node_modules/zod'))
  return {
    directory,
    write: (name, text) => {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
