import { Home } from '../features/sign-in/Home.tsx'
import { ApiProvider } from '../trpc/ApiProvider.tsx'

export default function HomePage() {
  return (
    <ApiProvider workspace={null}>
      <Home />
    </ApiProvider>
  )
}
