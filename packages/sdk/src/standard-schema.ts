/**
 * What the SDK asks of a parameter schema: the Standard Schema that zod, valibot and arktype share. So the SDK needs no
 * schema library of its own, and never a second copy of yours. https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: ReadonlyArray<{
        readonly message: string
        readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
      }>
    }

export type InputOf<S extends StandardSchema> = NonNullable<S['~standard']['types']>['input']
export type OutputOf<S extends StandardSchema> = NonNullable<S['~standard']['types']>['output']

export type ValidationResult<T> = { ok: true; value: T } | { ok: false; problems: string[] }

/** Problems read `days: expected a number`, as people typed them. */
export const validate = async <S extends StandardSchema>(schema: S, value: unknown): Promise<ValidationResult<OutputOf<S>>> => {
  const result = await schema['~standard'].validate(value)
  if (!result.issues) return { ok: true, value: result.value as OutputOf<S> }
  const problems = result.issues.map(({ message, path }) => {
    const where = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    return where ? `${where}: ${message}` : message
  })
  return { ok: false, problems }
}

interface WithJsonSchema {
  readonly '~standard': { readonly jsonSchema?: { readonly input: (options: { target: string }) => Record<string, unknown> } }
  readonly toJSONSchema?: (options: { io: 'input'; unrepresentable: 'any' }) => Record<string, unknown>
}

/** The JSON Schema of what a caller may send, or null when the library cannot tell. */
export const jsonSchemaOf = (schema: StandardSchema): Record<string, unknown> | null => {
  const able = schema as StandardSchema & WithJsonSchema
  if (able.toJSONSchema) return able.toJSONSchema({ io: 'input', unrepresentable: 'any' })
  return able['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? null
}
