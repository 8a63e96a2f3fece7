import { z } from 'zod'
import { projectSchema } from './project-schema.ts'

/** The schema of towline.yaml for editors. */
export const projectJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(projectSchema, { io: 'input', unrepresentable: 'any' }),
  title: 'towline.yaml',
  description: 'The deployments of a Towline project, registered with `towline deploy`',
})
