export { LimitPage as default } from '../../../../../features/limits/LimitPage.tsx'
