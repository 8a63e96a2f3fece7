/** Statements are files of their own; the bundler and the test runner load them as text. */
declare module '*.sql' {
  const text: string
  export default text
}
