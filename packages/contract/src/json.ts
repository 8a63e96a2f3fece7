import { z } from 'zod'

/** The largest JSON value that is stored in a row (bytes of its UTF-8 text). Larger ones are refused with `payload_too_large`. */
export const MAX_VALUE_BYTES = 64 * 1024

export const jsonObjectSchema = z.record(z.string(), z.json())
export type JsonObject = z.infer<typeof jsonObjectSchema>
export type JsonValue = z.infer<ReturnType<typeof z.json>>
