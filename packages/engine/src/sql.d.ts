/** Statements are files of their own, loaded as text. */
declare module '*.sql' {
  const text: string
  export default text
}
