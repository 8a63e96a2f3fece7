import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const findRoot = (folder: string): string => (existsSync(join(folder, 'turbo.json')) ? folder : findRoot(dirname(folder)))

/** Found by walking up: when this runs, it is bundled into a cache inside the repository. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)))
