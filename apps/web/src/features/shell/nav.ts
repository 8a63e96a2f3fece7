import { Box, Gauge, Layers, type LucideIcon, Play, Server, Settings } from 'lucide-react'

export type NavEntry = { path: string; label: string; icon: LucideIcon; keys: string }

export const NAV: NavEntry[] = [
  { path: '', label: 'Overview', icon: Gauge, keys: 'g o' },
  { path: '/runs', label: 'Runs', icon: Play, keys: 'g r' },
  { path: '/deployments', label: 'Deployments', icon: Box, keys: 'g d' },
  { path: '/pools', label: 'Work pools', icon: Server, keys: 'g p' },
  { path: '/concurrency', label: 'Concurrency', icon: Layers, keys: 'g c' },
  { path: '/settings', label: 'Settings', icon: Settings, keys: 'g s' },
]
