export { DeploymentPage as default } from '../../../../../features/deployments/DeploymentPage.tsx'
