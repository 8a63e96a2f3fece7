import type { KeyView } from '@towline/contract/views'

type Row = {
  id: string
  kind: string
  name: string
  prefix: string
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
  pool: { name: string } | null
}

export const keySelect = {
  id: true,
  kind: true,
  name: true,
  prefix: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  revokedAt: true,
  pool: { select: { name: true } },
} as const

export const keyView = ({ pool, kind, ...row }: Row): KeyView => ({
  ...row,
  kind: kind === 'agent' ? 'agent' : 'user',
  poolName: pool?.name ?? null,
})
