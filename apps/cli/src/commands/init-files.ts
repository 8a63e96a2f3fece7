export const projectFile = (pool: string): string => `# yaml-language-server: $schema=.towline/towline.schema.json
pool: ${pool}

deployments:
  greetings:
    flow: flows/greetings.ts
    tags: [example]
    # Settings beside the version; what stands here wins over the dashboard, what is left out stays as it is there.
    # limit: 2                                  how many runs at once; 0 pauses
    # rate: { count: 100, windowSeconds: 60 }   how many starts within any so long
    # collision: enqueue                        when it is full: enqueue, cancel-new or replace-oldest
`

export const flowFile = `import { flow, logger, main, sleep, task } from '@towline/sdk'
import { z } from 'zod'

const greet = task({
  name: 'greet',
  retries: 2,
  retryDelaySeconds: 1,
  run: async (name: string) => {
    await sleep(0.5)
    logger.info(\`Hello, \${name}\`)
    return { name, length: name.length }
  },
})

const summarize = task({
  name: 'summarize',
  run: async (greetings: { length: number }[]) => ({
    people: greetings.length,
    letters: greetings.reduce((sum, greeting) => sum + greeting.length, 0),
  }),
})

export const greetings = flow({
  name: 'greetings',
  description: 'Greets some people in parallel and counts their letters',
  parameters: z.object({
    names: z.array(z.string()).min(1).default(['Ada', 'Grace', 'Katherine']).describe('Whom to greet'),
  }),
  run: async ({ names }) => summarize(names.map((name) => greet(name))),
})

await main(import.meta, greetings)
`

export const tsconfigFile = `{
  "compilerOptions": {
    "target": "ES2023",
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true,
    "types": ["node"]
  },
  "include": ["flows"]
}
`

export const gitignoreFile = `node_modules/
.towline/
`

interface PackageJson {
  name?: string
  private?: boolean
  type?: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  [key: string]: unknown
}

/** A new package.json, or the one at hand with what is missing in it. */
export const packageFile = (known: string | null, name: string, sdkUrl: string): string => {
  const own: PackageJson = known === null ? { name, private: true } : (JSON.parse(known) as PackageJson)
  const merged: PackageJson = {
    ...own,
    type: own.type ?? 'module',
    dependencies: { '@towline/sdk': sdkUrl, zod: '^4.0.0', ...own.dependencies },
    devDependencies: { '@types/node': '^20.0.0', ...own.devDependencies },
  }
  return `${JSON.stringify(merged, null, 2)}\n`
}
