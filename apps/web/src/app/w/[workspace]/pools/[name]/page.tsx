export { PoolPage as default } from '../../../../../features/pools/PoolPage.tsx'
