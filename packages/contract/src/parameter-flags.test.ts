import { expect, test } from 'vitest'
import type { JsonObject } from './json.ts'
import { ParameterFlagError, parseParameterFlags } from './parameter-flags.ts'

const files: Record<string, string> = { 'query.sql': 'select 1\n', 'rows.json': '[{"id":1}]' }
const readFile = (path: string): string => {
  const text = files[path]
  if (text === undefined) throw new Error(`no such file: ${path}`)
  return text
}
const parse = (flags: string[], schema: JsonObject | null = null) => parseParameterFlags({ flags, schema, readFile })

const schema: JsonObject = {
  type: 'object',
  properties: {
    zip: { type: 'string' },
    days: { type: 'integer' },
    dry: { type: 'boolean' },
    regions: { type: 'array', items: { type: 'string' } },
    years: { type: 'array', items: { type: 'integer' } },
    mode: { enum: ['fast', 'full'] },
    limit: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    source: { type: 'object', properties: { host: { type: 'string' } } },
    'a.b': { type: 'integer' },
    rows: { type: 'array' },
  },
}

test('without a schema a value is JSON where it parses and text otherwise', () => {
  expect(parse(['n=1', 't=true', 's=hello', 'o={"a":[1]}', 'e=', 'q=a=b'])).toEqual({
    n: 1,
    t: true,
    s: 'hello',
    o: { a: [1] },
    e: '',
    q: 'a=b',
  })
})

test('the schema keeps a string a string and reads the rest as JSON', () => {
  expect(parse(['zip=01234', 'days=7', 'dry=true', 'mode=fast', 'limit=null'], schema)).toEqual({
    zip: '01234',
    days: 7,
    dry: true,
    mode: 'fast',
    limit: null,
  })
})

test('a value of the wrong type is passed on as text, so that the answer of the server names it', () => {
  expect(parse(['days=soon'], schema)).toEqual({ days: 'soon' })
})

test('an array may be typed with commas or as JSON', () => {
  expect(parse(['regions=eu, us', 'years=2024,2025'], schema)).toEqual({ regions: ['eu', 'us'], years: [2024, 2025] })
  expect(parse(['regions=["a,b"]'], schema)).toEqual({ regions: ['a,b'] })
})

test('dots reach into objects unless the schema spells the name with a dot', () => {
  expect(parse(['source.host=127', 'source.port=5432', 'a.b=1'], schema)).toEqual({ source: { host: '127', port: 5432 }, 'a.b': 1 })
})

test('@file takes the content of a file and @@ is a plain @', () => {
  expect(parse(['sql=@query.sql', 'rows=@rows.json', 'user=@@ada'], schema)).toEqual({ sql: 'select 1\n', rows: [{ id: 1 }], user: '@ada' })
})

test('what cannot be read says which flag and why', () => {
  expect(() => parse(['oops'])).toThrow(ParameterFlagError)
  expect(() => parse(['x=@missing.txt'])).toThrow(/missing\.txt/)
  expect(() => parse(['__proto__.x=1'])).toThrow(ParameterFlagError)
})
