export { RunPage as default } from '../../../../../features/run/RunPage.tsx'
