import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './command.ts'

const lines = readFileSync(join(root, 'docs/guarantees.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (Mangrove promises|-)/.test(line))
  .map((line) => line.split('|').slice(1, -1))

it('there are guarantees', () => {
  expect(lines.length).toBeGreaterThan(15)
})

it.each(lines)('%s names tests that exist: %s', (_promise, proof = '') => {
  const tests = [...proof.matchAll(/`([^`]+)`/g)].map(([, file]) => file!)
  expect(tests.length).toBeGreaterThan(0)
  for (const file of tests) {
    expect(file).toMatch(/\.test\.tsx?$/)
    expect(existsSync(join(root, file)), file).toBe(true)
    // A test that is always skipped proves nothing.
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/\b(it|test|describe)\.(skip|todo|only)\(/)
  }
})
