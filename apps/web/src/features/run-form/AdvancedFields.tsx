'use client'

import { type JobVariables, jobVariablesSchema } from '@towline/contract/run-spec'
import { Field } from '../../ui/Field.tsx'
import { Input, TextArea } from '../../ui/Input.tsx'

export type Advanced = { at: string; name: string; tags: string; variables: string }
export const NO_ADVANCED: Advanced = { at: '', name: '', tags: '', variables: '' }

type Parsed = { at?: Date; name?: string; tags?: string[]; variables?: JobVariables }

/** The typed texts as the API takes them, or at which field they make no sense. */
export const parseAdvanced = (advanced: Advanced): { value: Parsed; errors: Map<keyof Advanced, string> } => {
  const errors = new Map<keyof Advanced, string>()
  const value: Parsed = {}
  if (advanced.at) value.at = new Date(advanced.at)
  if (advanced.name.trim()) value.name = advanced.name.trim()
  const tags = advanced.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)
  if (tags.length > 0) value.tags = tags
  if (advanced.variables.trim()) {
    try {
      const parsed = jobVariablesSchema.safeParse(JSON.parse(advanced.variables))
      if (parsed.success) value.variables = parsed.data
      else
        errors.set('variables', parsed.error.issues.map((issue) => `${issue.path.join('.') || 'variables'}: ${issue.message}`).join('; '))
    } catch (error) {
      errors.set('variables', `Not JSON: ${error instanceof Error ? error.message : 'cannot be read'}`)
    }
  }
  return { value, errors }
}

type Props = { advanced: Advanced; onChange: (advanced: Advanced) => void; errors: ReadonlyMap<keyof Advanced, string>; tags: string[] }

export const AdvancedFields = ({ advanced, onChange, errors, tags }: Props) => {
  const set = (name: keyof Advanced) => (event: { target: { value: string } }) => onChange({ ...advanced, [name]: event.target.value })
  return (
    <div className="flex flex-col gap-4 pt-3">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Start at" hint="Your time zone. Empty: at once.">
          <Input type="datetime-local" value={advanced.at} onChange={set('at')} />
        </Field>
        <Field label="Run name" hint="Empty: one is made up.">
          <Input value={advanced.name} onChange={set('name')} maxLength={200} />
        </Field>
      </div>
      <Field label="Tags" hint={`Added to those of the deployment${tags.length > 0 ? ` (${tags.join(', ')})` : ''}, with commas between.`}>
        <Input value={advanced.tags} onChange={set('tags')} placeholder="nightly, team-data" />
      </Field>
      <Field
        label="Job variables"
        hint="JSON over the variables of the pool and the deployment, for this run only."
        error={errors.get('variables') ?? null}
      >
        <TextArea
          mono
          value={advanced.variables}
          onChange={set('variables')}
          placeholder={'{ "memoryMb": 2048, "env": { "LOG_LEVEL": "debug" } }'}
        />
      </Field>
    </div>
  )
}
