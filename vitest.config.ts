import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const never = ['**/node_modules/**', '**/dist/**']
const unit = ['{src,tools,bench}/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}', 'test/*.test.ts']

/** Files of laws, whose cases are drawn: `npm run test:soak` draws more of them. */
const laws = globSync(unit, { cwd: import.meta.dirname, exclude: never }).filter((file) =>
  readFileSync(join(import.meta.dirname, file), 'utf8').includes("from 'fast-check'"),
)

const shared = {
  environment: 'node',
  exclude: never,
  // Vitest would leave one of two cores to itself.
  maxWorkers: '100%',
  // Compiled once, not in every test file and in every command that a test runs.
  env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/compiled') },
} as const

const drawn = { globalSetup: 'test/draws.ts', setupFiles: 'test/seeded-properties.ts' }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          ...drawn,
          name: 'unit',
          include: unit,
          // Tests of servers and devices wait as long as they reckon: three at a time keep two cores busy.
          maxWorkers: Math.ceil(availableParallelism() * 1.5),
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Files follow each other in one process, so that modules are loaded once.
          isolate: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          globalSetup: 'test/browser/park-server.ts',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Two browsers at a time, and a page on a busy machine gets its time.
          maxWorkers: 2,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        // Minutes to hours; `npm run test:soak`, not part of `npm test`.
        test: {
          ...shared,
          ...drawn,
          name: 'soak',
          include: ['{src,test}/**/*.soak.ts', ...laws],
          testTimeout: 3_600_000,
        },
      },
    ],
  },
})
