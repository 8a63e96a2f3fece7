import { richJson } from '@towline/contract/rich-json'

/** What a page asks the API for: the procedure and its input. */
export type ApiCall = { procedure: string; input?: object }

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** The same question from any program: one line of curl with the key taken from the environment. */
export const curlCommand = (publicUrl: string, { procedure, input }: ApiCall): string =>
  [
    `curl -fsSG ${publicUrl}/api/trpc/${procedure}`,
    input && `--data-urlencode ${quoted(`input=${JSON.stringify(richJson.serialize(input))}`)}`,
    '-H "authorization: Bearer $TOWLINE_API_KEY"',
  ]
    .filter(Boolean)
    .join(' ')
