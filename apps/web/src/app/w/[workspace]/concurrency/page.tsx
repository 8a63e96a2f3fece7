export { ConcurrencyPage as default } from '../../../../features/limits/ConcurrencyPage.tsx'
