/** What the address of a workspace becomes of its name: `Acme Café GmbH` → `acme-cafe-gmbh`. */
export const makeSlug = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '')
