import { redirect } from 'next/navigation'

/** The address that a terminal prints; the page itself is /cli. */
export default async function DevicePage({ searchParams }: { searchParams: Promise<{ code?: string }> }) {
  const { code } = await searchParams
  redirect(code ? `/cli?code=${encodeURIComponent(code)}` : '/cli')
}
