import { defineConfig } from 'vitest/config'

const never = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{src,tools,bench}/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: never,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          environment: 'node',
          include: ['test/browser/**/*.test.ts'],
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // Minutes to hours; `npm run test:soak`, not part of `npm test`.
        test: {
          name: 'soak',
          environment: 'node',
          include: ['{src,test}/**/*.soak.ts'],
          exclude: never,
          testTimeout: 3_600_000,
        },
      },
    ],
  },
})
