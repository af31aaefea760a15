// The floors of the house (ARCHITECTURE.md). A room imports the rooms below it, through their doors alone.
// kernel → store, solve, weather, report → domain rooms → gateway, server, cli → packs.ts

/** Rooms from the ground floor up; a room may import only rooms of an earlier line. */
const floors = [
  ['kernel'],
  ['store', 'solve', 'weather', 'report'],
  ['energy'],
  ['carbon', 'alarms', 'commands'],
  ['air', 'noise', 'nature', 'risk'],
  ['building', 'fleet', 'port', 'circular', 'imaging'],
  ['certify', 'finance'],
  ['exchange'],
  ['gateway'],
  ['server', 'cli'],
]

const below = (level) => floors.slice(0, level).flat()
const shells = ['server', 'cli']

const floorRules = floors.flatMap((rooms, level) =>
  rooms.map((room) => ({
    name: `${room}-looks-down`,
    comment: `${room} may import only ${[...below(level), room].join(', ')}`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: {
      path: '^src/',
      pathNot: [
        `^src/(${[...below(level), room, ...(shells.includes(room) ? ['server', 'cli'] : [])].join('|')})/`,
      ].concat(shells.includes(room) ? ['^src/(packs|pack-entries)\\.ts$'] : []),
    },
  })),
)

export default {
  forbidden: [
    ...floorRules,
    {
      name: 'small-doors',
      comment:
        'Enter a room through its index.ts, or its vocabulary.ts for what a site file says of it (tests beside the code of a room are inside it). Stand-ins for tests are open to all tests.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/([^/]+)/.+',
        pathNot: [
          '^src/$1/',
          '^src/[^/]+/(index|vocabulary)\\.ts$',
          '^src/server/accounts/index\\.ts$',
          '\\.fixture\\.ts$',
        ],
      },
    },
    {
      name: 'packs-know-packs',
      comment:
        'pack-entries.ts takes the entry of each room, which loads nothing of it; packs.ts loads what is entered.',
      severity: 'error',
      from: { path: '^src/(packs|pack-entries)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/([^/]+/pack-entry|kernel/index|pack-entries)\\.ts$' },
    },
    {
      name: 'console-knows-only-the-api',
      comment: 'The console talks HTTP. It may borrow types (erased at build) through a room’s door.',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-undeclared',
      comment: 'Every import is declared in a package.json.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
}
