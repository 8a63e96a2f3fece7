export type { AppRouter } from '@towline/api/router'
