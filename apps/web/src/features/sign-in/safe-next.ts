/** Where to go after signing in: a path of this site, never another one. */
export const safeNext = (next: string | null | undefined, fallback = '/'): string =>
  next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : fallback
