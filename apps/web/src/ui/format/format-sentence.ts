/** `use lower-case letters` -> `Use lower-case letters.`: the words of a schema stand alone at a field. */
export const formatSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`
