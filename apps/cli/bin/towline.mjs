#!/usr/bin/env node
import { existsSync } from 'node:fs'
import * as module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: towline needs Node.js 20.19 or later, this is ${process.version}\ntry:   https://nodejs.org/en/download\n`)
  process.exit(1)
}
const program = new URL('../dist/towline.mjs', import.meta.url)
if (!existsSync(program)) {
  process.stderr.write('error: the towline command is not built\ntry:   npm run build -- --filter=@towline/cli\n')
  process.exit(1)
}
module.enableCompileCache?.()
await import(program.href)
