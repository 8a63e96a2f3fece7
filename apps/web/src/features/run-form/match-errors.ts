import { formatSentence } from '../../ui/format/format-sentence.ts'

/** How the API names the parameter that is wrong: `parameter "mail.to" is required`, `parameters.size: expected number`. */
const SHAPES = [/^parameter "([^"]+)" (.+)$/, /^parameters\.([^:]+): (.+)$/, /^unknown key "[^"]+" in parameter "([^"]+)"$/]

const readPart = (part: string): { path: string; text: string } | null => {
  for (const shape of SHAPES) {
    const match = part.match(shape)
    if (match?.[1]) return { path: match[1].replace(/\.(\d+)(?=\.|\[|$)/g, '[$1]'), text: match[2] ?? part }
  }
  return null
}

/** Errors of the server by the path of their field; what fits no field of the form stays as text above it. */
export const matchErrors = (message: string, known: string[]): { atFields: Map<string, string>; rest: string | null } => {
  const atFields = new Map<string, string>()
  const rest: string[] = []
  for (const part of message.split('; ')) {
    const found = readPart(part)
    if (found && known.includes(found.path.split(/[.[]/)[0] ?? '')) atFields.set(found.path, formatSentence(found.text))
    else rest.push(part)
  }
  return { atFields, rest: rest.length > 0 ? rest.join('; ') : null }
}
