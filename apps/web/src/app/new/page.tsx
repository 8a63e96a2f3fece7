import { NewWorkspaceForm } from '../../features/sign-in/NewWorkspaceForm.tsx'
import { ApiProvider } from '../../trpc/ApiProvider.tsx'

export const metadata = { title: 'New workspace · Towline' }

export default function NewWorkspacePage() {
  return (
    <ApiProvider workspace={null}>
      <NewWorkspaceForm />
    </ApiProvider>
  )
}
