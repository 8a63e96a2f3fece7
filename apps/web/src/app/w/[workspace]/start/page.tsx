export { GuidePage as default } from '../../../../features/guide/GuidePage.tsx'
