/** Plain JavaScript, because the server reads this at every start and must not pay for a compiler then. */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  transpilePackages: ['@towline/contract'],
  // Types and style are checked by the repository's own gates; a build only builds.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  turbopack: { root: new URL('../..', import.meta.url).pathname },
  experimental: { optimizePackageImports: ['lucide-react', 'radix-ui'] },
}
