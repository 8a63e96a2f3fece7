export { NoPage as default } from '../../../../features/shell/NoPage.tsx'
