import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Cli {
  /** Its own home: configuration, cache and data. */
  home: string
  program: string
  start: (args: string[], options?: { cwd?: string; env?: Record<string, string> }) => { child: ChildProcess; ended: Promise<Ended> }
  run: (args: string[], options?: { cwd?: string; env?: Record<string, string> }) => Promise<Ended>
  remove: () => void
}

/** Inside the repository, so that the one external package is found. */
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/', import.meta.url))

/** The command as it is published, built beside the repository's own build. */
export const buildCli = async (): Promise<Cli> => {
  mkdirSync(CACHE, { recursive: true })
  const directory = mkdtempSync(join(CACHE, 'towline-cli-'))
  const home = mkdtempSync(join(tmpdir(), 'towline-home-'))
  await build({
    entryPoints: { towline: fileURLToPath(new URL('../main.ts', import.meta.url)) },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: 'import{createRequire as __r}from"node:module";const require=__r(import.meta.url);' },
    define: { 'process.env.TOWLINE_VERSION': '"1.2.3"' },
    external: ['esbuild'],
  })
  const program = join(directory, 'towline.mjs')
  if (!existsSync(program)) throw new Error('the command was not built')
  const start: Cli['start'] = (args, { cwd = home, env = {} } = {}) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<Ended>((done, fail) => {
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (chunk) => {
        stdout += String(chunk)
      })
      child.stderr.on('data', (chunk) => {
        stderr += String(chunk)
      })
      child.once('error', fail)
      child.once('close', (code) => done({ code, stdout, stderr }))
    })
    return { child, ended }
  }
  return {
    home,
    program,
    start,
    run: (args, options) => start(args, options).ended,
    remove: () => {
      for (const path of [directory, home]) rmSync(path, { recursive: true, force: true })
    },
  }
}
