export const isDatabaseUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url)

/** It never repeats what was given: that may hold a password. */
export const NO_DATABASE_URL =
  'This is not the address of a PostgreSQL: write postgres://user:password@host:5432/database, with @ : / # in a password as %40 %3A %2F %23'
