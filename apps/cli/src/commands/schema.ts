import { projectJsonSchema } from '../deploy/project-json-schema.ts'

/** The JSON Schema of towline.yaml, for editors that know no other way. */
export const run = (): void => {
  process.stdout.write(`${JSON.stringify(projectJsonSchema(), null, 2)}\n`)
}
