import type { LimitView } from '@towline/contract/limit-views'

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** As it is typed: what `parseLimitRef` reads. */
export const limitName = ({ kind, name }: Pick<LimitView, 'kind' | 'name'>): string =>
  kind === 'tag' && !/^(pool|queue|deployment|tag):/.test(name) && !UUID.test(name) ? name : `${kind}:${name}`
