// Makes `towline/test-node:20`, a small image with Node and a shell, from this machine itself: nothing is pulled, so Docker
// tests need no registry. Built once; `docker rmi towline/test-node:20` has it built anew.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const TEST_IMAGE = 'towline/test-node:20'
const APPLETS = [
  'sh',
  'ls',
  'cat',
  'echo',
  'env',
  'sleep',
  'kill',
  'id',
  'pwd',
  'seq',
  'head',
  'tail',
  'dd',
  'mkdir',
  'rm',
  'true',
  'false',
  'touch',
  'wc',
  'ps',
  'test',
  'printf',
  'yes',
  'wget',
]
const HOW_TO_START =
  'No Docker engine answers. Start one (Linux: "sudo apt-get install -y docker.io && sudo dockerd &"; macOS and Windows: Docker Desktop).'

/** Null: it answers. Otherwise one line that says how to start one. */
export const missingEngine = (): string | null => {
  try {
    execFileSync('docker', ['version', '--format', '{{.Server.Version}}'], { stdio: 'pipe', timeout: 20_000 })
    return null
  } catch {
    return HOW_TO_START
  }
}

export const buildTestImage = async (tag = TEST_IMAGE): Promise<string> => {
  if (hasImage(tag)) return tag
  const root = mkdtempSync(join(tmpdir(), 'towline-image-'))
  try {
    for (const directory of ['bin', 'etc', 'tmp', 'root', 'proc', 'sys', 'dev', 'usr/local/bin'])
      mkdirSync(join(root, directory), { recursive: true })
    chmodSync(join(root, 'tmp'), 0o1777)
    copyProgram(root, process.execPath, '/usr/local/bin/node')
    copyProgram(root, findBusybox(), '/bin/busybox')
    for (const applet of APPLETS) symlinkSync('busybox', join(root, 'bin', applet))
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000:node:/tmp:/bin/sh\n')
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n')
    await importFolder(root, tag)
    return tag
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const hasImage = (tag: string): boolean => {
  try {
    execFileSync('docker', ['image', 'inspect', tag], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const findBusybox = (): string => {
  const path = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync)
  if (path === undefined) throw new Error('The test image needs busybox: "sudo apt-get install -y busybox-static".')
  return path
}

/** The program, and the libraries that it is linked with, at their own paths. */
const copyProgram = (root: string, source: string, target: string): void => {
  copyInto(root, source, target)
  chmodSync(join(root, target), 0o755)
  for (const library of librariesOf(source)) copyInto(root, library, library)
}

const librariesOf = (program: string): string[] => {
  try {
    const lines = execFileSync('ldd', [program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return [...lines.matchAll(/(\/[^\s()]+)\s+\(0x/g)].map(([, path = '']) => path)
  } catch {
    return [] // static
  }
}

const copyInto = (root: string, source: string, target: string): void => {
  const path = join(root, target)
  mkdirSync(dirname(path), { recursive: true })
  copyFileSync(source, path)
}

const importFolder = (root: string, tag: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const tar = spawn('tar', ['-C', root, '--owner=0', '--group=0', '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const docker = spawn('docker', ['import', '-c', 'ENV PATH=/usr/local/bin:/usr/bin:/bin', '-c', 'CMD ["node"]', '-', tag], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    tar.stdout.pipe(docker.stdin)
    docker.on('error', reject)
    docker.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`docker import ended with ${code}`))))
  })
