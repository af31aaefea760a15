import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './command.ts'

/** Runs a command line in a process that tells of every module that it loads. */
function modulesOf(...args: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', join(root, 'test/tell-modules.mjs'), join(root, 'bin/mangrove.mjs'), ...args],
    { cwd: root, encoding: 'utf8', maxBuffer: 1e8 },
  )
  expect(status, stdout + stderr).toBe(0)
  return JSON.parse(stderr.slice(stderr.lastIndexOf('\n[') + 1)) as readonly string[]
}

/** Rooms below `src`, and packages, of which something was loaded. */
const placesOf = (modules: readonly string[]): ReadonlySet<string> =>
  new Set(
    modules.flatMap(
      (url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? /\/(src\/[^/]+)\//.exec(url)?.[1] ?? [],
    ),
  )

// A start is mostly the loading of modules: half a millisecond each, ten times that on a small machine. Bounds are generous.
describe('what a command line loads before it does anything', () => {
  it('is next to nothing for the version', () => {
    expect(modulesOf('--version').length).toBeLessThan(20)
  })

  it('is the names of things for the list of commands', () => {
    const modules = modulesOf('--help')
    expect(modules.length).toBeLessThan(60)
    expect(placesOf(modules)).not.toContain('typebox')
  })

  it('is what a site file may say for its check: no engine, no client, no server', () => {
    const modules = modulesOf('check', 'examples/liyang-park/site.yaml')
    expect(modules.length).toBeLessThan(1500)
    for (const place of [
      'src/server',
      'src/solve',
      '@duckdb',
      'ocpp-rpc',
      'highs',
      'fastify',
      'pdfkit',
      'apache-arrow',
    ])
      expect(placesOf(modules)).not.toContain(place)
    expect(modules.filter((url) => /src\/(energy\/plan|carbon\/verdict|gateway\/ocpp\/central)/.test(url))).toEqual([])
  })

  it('is one engine for its help', () => {
    const modules = modulesOf('carbon', 'check-claim', '--help')
    expect(modules.length).toBeLessThan(1500)
    expect(modules.filter((url) => /src\/(server|gateway|alarms)\/(?!pack-entry)/.test(url))).toEqual([])
  })
})
