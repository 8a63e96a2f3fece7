'use client'

import type { JsonObject, JsonValue } from '@towline/contract/json'
import { Plus, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Field, FieldPart } from '../../ui/Field.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Input, TextArea } from '../../ui/Input.tsx'
import { Select } from '../../ui/Select.tsx'
import { Switch } from '../../ui/Switch.tsx'
import type { FieldModel, NamedField } from './form-model.ts'

type Errors = ReadonlyMap<string, string>
type Change = (value: JsonValue | undefined) => void
type ControlProps = { model: FieldModel; value: JsonValue | undefined; onChange: Change; path: string; errors: Errors }

const NumberControl = ({ model, value, onChange }: ControlProps) => {
  const [text, setText] = useState(value === undefined ? '' : String(value))
  useEffect(
    () => setText((now) => (now !== '' && Number(now) === value ? now : value === undefined || value === null ? '' : String(value))),
    [value],
  )
  return (
    <Input
      inputMode={model.kind === 'integer' ? 'numeric' : 'decimal'}
      value={text}
      onChange={(event) => {
        const next = event.target.value
        setText(next)
        const number = Number(next.trim().replace(',', '.'))
        // What is no number goes to the server as it was typed, and comes back with its error.
        onChange(next.trim() === '' ? undefined : Number.isFinite(number) ? number : next)
      }}
    />
  )
}

const JsonControl = ({ value, onChange }: ControlProps) => {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2))
  const [wrong, setWrong] = useState<string | null>(null)
  return (
    <>
      <TextArea
        mono
        value={text}
        placeholder="JSON"
        onChange={(event) => {
          setText(event.target.value)
          try {
            onChange(event.target.value.trim() === '' ? undefined : (JSON.parse(event.target.value) as JsonValue))
            setWrong(null)
          } catch (error) {
            setWrong(error instanceof Error ? error.message : 'Not JSON.')
          }
        }}
      />
      {wrong && <p className="text-xs text-red">Not JSON yet: {wrong}</p>}
    </>
  )
}

const toLocalInput = (value: JsonValue | undefined): string => {
  const at = typeof value === 'string' ? new Date(value) : null
  if (!at || Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const ListControl = ({ model, value, onChange, path, errors }: ControlProps) => {
  const items = Array.isArray(value) ? value : []
  const item = model.item
  if (!item) return null
  const put = (index: number, next: JsonValue | undefined) => onChange(items.map((old, at) => (at === index ? (next ?? '') : old)))
  const blank = (): JsonValue =>
    item.default ??
    (item.kind === 'boolean'
      ? false
      : item.kind === 'object'
        ? {}
        : item.kind === 'list'
          ? []
          : item.kind === 'number' || item.kind === 'integer'
            ? 0
            : '')
  return (
    <div className="flex flex-col gap-2">
      {items.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries of a list have no other identity
        <div key={index} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <FieldPart label={`${path}, entry ${index + 1}`} invalid={errors.has(`${path}[${index}]`)}>
              <Control model={item} value={entry} onChange={(next) => put(index, next)} path={`${path}[${index}]`} errors={errors} />
            </FieldPart>
            {errors.get(`${path}[${index}]`) && <p className="mt-1 text-xs text-red">{errors.get(`${path}[${index}]`)}</p>}
          </div>
          <IconButton label={`Remove entry ${index + 1}`} onClick={() => onChange(items.filter((_, at) => at !== index))}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
      <Button size="sm" icon={<Plus size={13} />} className="self-start" onClick={() => onChange([...items, blank()])}>
        Add
      </Button>
    </div>
  )
}

const Control = (props: ControlProps) => {
  const { model, value, onChange, path, errors } = props
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value)
  switch (model.kind) {
    case 'text':
      return <Input value={text} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} />
    case 'longtext':
      return <TextArea value={text} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} />
    case 'number':
    case 'integer':
      return <NumberControl {...props} />
    case 'boolean':
      return <Switch checked={value === true} onChange={onChange} label={model.title} />
    case 'enum':
      return (
        <Select
          value={value === undefined ? undefined : JSON.stringify(value)}
          onChange={(next) => onChange(JSON.parse(next) as JsonValue)}
          options={model.options.map((option) => ({
            value: JSON.stringify(option),
            label: typeof option === 'string' ? option : JSON.stringify(option),
          }))}
        />
      )
    case 'date':
      return <Input type="date" value={text} onChange={(event) => onChange(event.target.value || undefined)} />
    case 'datetime':
      return (
        <Input
          type="datetime-local"
          value={toLocalInput(value)}
          onChange={(event) => onChange(event.target.value ? new Date(event.target.value).toISOString() : undefined)}
        />
      )
    case 'list':
      return <ListControl {...props} />
    case 'object':
      return (
        <div className="flex flex-col gap-4 border-l-2 border-line pl-4">
          <SchemaFields fields={model.fields} values={(value ?? {}) as JsonObject} onChange={onChange} path={path} errors={errors} />
        </div>
      )
    default:
      return <JsonControl {...props} />
  }
}

type FieldsProps = { fields: NamedField[]; values: JsonObject; onChange: (values: JsonObject) => void; path?: string; errors: Errors }

/** The fields of one object. Errors are found by path: `mail.to`, `sources[0]`. */
export const SchemaFields = ({ fields, values, onChange, path = '', errors }: FieldsProps) => (
  <>
    {fields.map(({ name, required, model }) => {
      const here = path ? `${path}.${name}` : name
      const set: Change = (value) => {
        const { [name]: _, ...rest } = values
        onChange(value === undefined ? rest : { ...rest, [name]: value })
      }
      return (
        <Field
          key={name}
          label={<span className="font-mono text-xs">{name}</span>}
          required={required}
          hint={[model.description, model.bounds].filter(Boolean).join(' · ') || undefined}
          error={errors.get(here) ?? null}
          aside={model.kind === 'integer' ? 'whole number' : model.kind === 'datetime' ? 'your time zone' : undefined}
        >
          <Control model={model} value={values[name]} onChange={set} path={here} errors={errors} />
        </Field>
      )
    })}
  </>
)
