export type Person = { id: string; email: string; name: string }
