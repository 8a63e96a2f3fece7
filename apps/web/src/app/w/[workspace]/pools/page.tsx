export { PoolsPage as default } from '../../../../features/pools/PoolsPage.tsx'
