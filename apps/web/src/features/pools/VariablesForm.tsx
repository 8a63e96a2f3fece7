'use client'

import type { JsonObject } from '@towline/contract/json'
import { type JobVariables, jobVariablesSchema, type PoolType } from '@towline/contract/run-spec'
import { useMemo, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { TextArea } from '../../ui/Input.tsx'
import { formModel } from '../run-form/form-model.ts'
import { SchemaFields } from '../run-form/SchemaField.tsx'
import { envToText, textToEnv } from './env-text.ts'
import { variableSchema } from './variable-schema.ts'

type Props = { type: PoolType; variables: JobVariables; onSave: (variables: JobVariables) => void; saving: boolean; readOnly: boolean }

/** The job template of a pool: defaults of every run there, under those of deployments and runs. */
export const VariablesForm = ({ type, variables, onSave, saving, readOnly }: Props) => {
  const fields = useMemo(() => formModel(variableSchema(type)), [type])
  const { env: given, ...others } = variables
  const [values, setValues] = useState<JsonObject>(others as JsonObject)
  const [envText, setEnvText] = useState(envToText(given))
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map())
  const changed = JSON.stringify(values) !== JSON.stringify(others) || envText !== envToText(given)

  const save = () => {
    const { env, error } = textToEnv(envText)
    const parsed = jobVariablesSchema.safeParse({ ...values, ...(Object.keys(env).length > 0 ? { env } : {}) })
    const wrong = new Map<string, string>(error ? [['env', error]] : [])
    if (!parsed.success) for (const issue of parsed.error.issues) wrong.set(issue.path.map(String).join('.'), issue.message)
    setErrors(wrong)
    if (parsed.success && !error) onSave(parsed.data)
  }

  return (
    <form
      className="flex max-w-2xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <p className="text-muted">
        Every run in this pool starts with these. A deployment can override them, and a single run can override both.
      </p>
      <Field
        label={<span className="font-mono text-xs">env</span>}
        hint="NAME=value, one a line. Names of deployments and runs are added to these."
        error={errors.get('env') ?? null}
      >
        <TextArea mono rows={4} value={envText} onChange={(event) => setEnvText(event.target.value)} placeholder="LOG_LEVEL=info" />
      </Field>
      <SchemaFields fields={fields} values={values} onChange={setValues} errors={errors} />
      <Button type="submit" variant="primary" className="self-start" busy={saving} disabled={!changed || readOnly}>
        Save the template
      </Button>
    </form>
  )
}
