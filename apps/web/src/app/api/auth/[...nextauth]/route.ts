import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '../../../../auth/auth-options.ts'

type RouteContext = { params: Promise<{ nextauth: string[] }> }

// next-auth builds its links from this; one setting names the public address of the whole product.
process.env.NEXTAUTH_URL ??= process.env.TOWLINE_PUBLIC_URL

const handle = (request: NextRequest, context: RouteContext) => NextAuth(request as never, context as never, authOptions())

export { handle as GET, handle as POST }
