export { DeploymentsPage as default } from '../../../../features/deployments/DeploymentsPage.tsx'
