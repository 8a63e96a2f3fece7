import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import type { BuildFailure, Plugin } from 'esbuild'
import { CliError } from '../cli-error.ts'

export interface Bundle {
  code: Uint8Array
  sha256: string
}

interface BundleOptions {
  directory: string
  /** Path of the flow's file, from `directory`. */
  file: string
  external: string[]
  /** For the remedy when the SDK is not installed. */
  sdkUrl: string
}

/** Packages take nine tenths of a source map and nobody debugs them here. One mapping stands for the file: esbuild ignores a map without any. */
const EMPTY_MAP = '\n//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbIiJdLCJtYXBwaW5ncyI6IkFBQUEifQ=='

const withoutPackageMaps: Plugin = {
  name: 'without-package-maps',
  setup(build) {
    build.onLoad({ filter: /node_modules.*\.[cm]?js$/ }, async ({ path }) => {
      const { readFile } = await import('node:fs/promises')
      return { contents: (await readFile(path, 'utf8')) + EMPTY_MAP, loader: 'default' }
    })
  },
}

/** Languages that zod's messages may speak: 250 kB that a run would read for nothing. English stays. */
const withoutZodLocales: Plugin = {
  name: 'without-zod-locales',
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js"',
      loader: 'js',
    }))
  },
}

/**
 * Runs before any other code of the bundle: CommonJS packages inside need `require` and the two file names, as globals, so that a
 * flow may declare its own; and the mark tells `main()` to leave the start to `serve()`.
 */
const BANNER = [
  'import { createRequire as __towlineRequire } from "node:module"',
  'import { fileURLToPath as __towlinePath } from "node:url"',
  'globalThis[Symbol.for("towline.bundle")] = true',
  'globalThis.require ??= __towlineRequire(import.meta.url)',
  'globalThis.__towlineFilename = __towlinePath(import.meta.url)',
  'globalThis.__towlineDirname = __towlinePath(new URL(".", import.meta.url))',
].join(';')

const explain = (failure: BuildFailure, { file, sdkUrl }: BundleOptions): CliError => {
  const [first] = failure.errors
  const where = first?.location ? `${first.location.file}:${first.location.line}:${first.location.column + 1}: ` : ''
  const text = first?.text ?? failure.message
  const missing = /Could not resolve "([^"]+)"/.exec(text)?.[1]
  const name =
    missing && !missing.startsWith('.')
      ? missing
          .split('/')
          .slice(0, missing.startsWith('@') ? 2 : 1)
          .join('/')
      : null
  let remedy: string | null = null
  if (name === '@towline/sdk') remedy = `npm install ${sdkUrl}`
  else if (name) remedy = `npm install ${name}`
  else if (/\.node"/.test(text))
    remedy = 'native modules do not fit into a bundle: list the package under bundle.external, or deploy an image'
  return new CliError(`${file} cannot be bundled: ${where}${text}`, { remedy })
}

/** One file with everything that the flow imports. The same sources give the same bytes. */
export const bundleFlow = async (options: BundleOptions): Promise<Bundle> => {
  const { directory, file, external } = options
  if (!existsSync(join(directory, file))) throw new CliError(`there is no file ${relative(process.cwd(), join(directory, file))}`)
  if (!/^\.[cm]?[jt]sx?$/.test(extname(file))) throw new CliError(`${file} is no TypeScript or JavaScript file`)
  const { build } = await import('esbuild')
  const specifier = JSON.stringify(`./${file.replaceAll('\\', '/').replace(/^\.\//, '')}`)
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: `import * as flows from ${specifier}\nimport { serve } from '@towline/sdk'\nawait serve([flows])\n`,
        resolveDir: directory,
        sourcefile: 'towline-entry.js',
        loader: 'js',
      },
      absWorkingDir: directory,
      outfile: join(directory, 'bundle.mjs'),
      write: false,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      sourcemap: 'inline',
      sourcesContent: false,
      legalComments: 'none',
      banner: { js: BANNER },
      define: { __filename: '__towlineFilename', __dirname: '__towlineDirname' },
      external,
      plugins: [withoutZodLocales, withoutPackageMaps],
      logLevel: 'silent',
    })
    const code = outputFiles[0]?.contents
    if (!code) throw new Error('esbuild made no file')
    return { code, sha256: createHash('sha256').update(code).digest('hex') }
  } catch (error) {
    if (error instanceof Error && 'errors' in error) throw explain(error as BuildFailure, options)
    throw error
  }
}
