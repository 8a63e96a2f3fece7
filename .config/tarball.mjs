// Packs files as `npm pack` does, without npm: the same input gives the same bytes.
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`

const header = (name, size, mode) => {
  const block = Buffer.alloc(512)
  if (Buffer.byteLength(name) > 100) throw new Error(`the path ${name} is too long for a tarball`)
  block.write(name, 0)
  block.write(octal(mode, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(499_162_500, 12), 136) // npm's own fixed date, 1985-10-26
  block.write('        ', 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** Every file below `directory` as `prefix/path` -> content. */
export const filesIn = async (directory, prefix) => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = new Map()
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name)
    files.set(`${prefix}${path.slice(directory.length).replaceAll('\\', '/')}`.replace('//', '/'), await readFile(path))
  }
  return files
}

export const createTarball = (files) => {
  const blocks = []
  for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const data = Buffer.from(content)
    blocks.push(
      header(`package/${name}`, data.length, name.startsWith('bin/') ? 0o755 : 0o644),
      data,
      Buffer.alloc((512 - (data.length % 512)) % 512),
    )
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 9 })
}

/** Removes what an earlier build left. At the end, so that whoever uses the build meanwhile never finds it gone. */
export const removeOlder = async (directory, startedAt) => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name)
    if ((await stat(path)).mtimeMs < startedAt - 1000) await rm(path, { force: true })
  }
}
