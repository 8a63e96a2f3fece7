import { describe, expect, it } from 'vitest'
import { completeValues, formModel, missingFields, startValues } from './form-model.ts'

const schema = {
  type: 'object',
  properties: {
    region: { type: 'string', enum: ['eu', 'us'], default: 'eu' },
    batchSize: { type: 'integer', minimum: 1, maximum: 500, description: 'Rows per call' },
    dryRun: { type: 'boolean' },
    since: { type: 'string', format: 'date' },
    at: { type: 'string', format: 'date-time' },
    note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    sources: { type: 'array', items: { type: 'string' } },
    mail: { $ref: '#/$defs/mail' },
    anything: {},
    mode: { oneOf: [{ const: 'fast' }, { const: 'safe' }] },
    free: { type: 'object', additionalProperties: true },
  },
  required: ['region', 'batchSize', 'dryRun', 'mail'],
  $defs: {
    mail: { type: 'object', properties: { to: { type: 'string' }, cc: { type: 'string', default: 'ops@x.io' } }, required: ['to'] },
  },
}
const fields = formModel(schema)
const kinds = Object.fromEntries(fields.map((field) => [field.name, field.model.kind]))

describe('the form of a JSON schema', () => {
  it('has a fitting control for every kind, and text for what none fits', () => {
    expect(kinds).toEqual({
      region: 'enum',
      batchSize: 'integer',
      dryRun: 'boolean',
      since: 'date',
      at: 'datetime',
      note: 'text',
      sources: 'list',
      mail: 'object',
      anything: 'json',
      mode: 'enum',
      free: 'json',
    })
  })

  it('asks for what is required first', () => {
    expect(fields.slice(0, 4).map((field) => field.name)).toEqual(['region', 'batchSize', 'dryRun', 'mail'])
  })

  it('names fields as people do, with bounds and descriptions', () => {
    const batch = fields.find((field) => field.name === 'batchSize')
    expect(batch?.model).toMatchObject({ title: 'batch Size', description: 'Rows per call', bounds: '1 to 500' })
  })

  it('does not ask for what has a default', () => {
    expect(fields.filter((field) => field.required).map((field) => field.name)).toEqual(['batchSize', 'dryRun', 'mail'])
  })

  it('starts with the defaults of the schema under those of the deployment, and keeps what it does not know', () => {
    expect(startValues(fields, { region: 'us', mail: { to: 'a@x.io' }, extra: 1 })).toEqual({
      region: 'us',
      mail: { to: 'a@x.io', cc: 'ops@x.io' },
      extra: 1,
    })
  })

  it('names every required field that is empty by its path', () => {
    expect([...missingFields(fields, { mail: {} }).keys()]).toEqual(['batchSize', 'mail.to'])
  })

  it('sends an untouched required switch as false', () => {
    expect(completeValues(fields, { batchSize: 3 })).toEqual({ batchSize: 3, dryRun: false, mail: {} })
  })

  it('survives a schema that refers to itself', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } } }
    expect(() => formModel(tree)).not.toThrow()
  })
})
