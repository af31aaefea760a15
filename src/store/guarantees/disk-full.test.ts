import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { openStore } from '../open-store.ts'
import { dayStartMs, temporaryFolder } from '../store.fixture.ts'

interface Seen {
  readonly put: readonly string[]
  readonly upkeep: readonly string[]
  readonly read: readonly string[]
  readonly after: readonly string[]
  readonly acknowledged: readonly number[]
  readonly refused: number
  readonly torn: readonly number[]
  readonly lost: readonly number[]
  readonly damaged: readonly unknown[]
}

const { seed } = inject('draws')
const script = join(import.meta.dirname, 'full-disk.fixture.ts')

const runs = (command: string, args: readonly string[]): boolean => spawnSync(command, args).status === 0
/** A disk of its own in a namespace of its own, which goes with the process. */
const mount = 'mount -t tmpfs -o size=12m tmpfs "$1"'
const unshare = ['-rm', '-m'].find((flags) => runs('unshare', [flags, 'sh', '-c', mount, 'sh', '/mnt']))

const ways = [
  {
    way: 'disk',
    title: 'a disk without room (ENOSPC; skipped where nothing may be mounted)',
    works: unshare !== undefined,
  },
  {
    way: 'limit',
    title: 'a limit of file sizes (EFBIG; skipped without prlimit)',
    works: runs('prlimit', ['--version']),
  },
]

describe.each(ways)('$title', ({ way, works }) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let copy: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
    copy = await temporaryFolder()
  })
  afterEach(async () => {
    await folder.remove()
    await copy.remove()
  })

  const run = (): Seen => {
    const node = [process.execPath, script, way, folder.path, copy.path, '2', String(seed)]
    const child =
      way === 'disk'
        ? spawnSync('unshare', [unshare!, 'sh', '-c', `${mount} && shift && exec "$@"`, 'sh', folder.path, ...node])
        : spawnSync(node[0]!, node.slice(1))
    expect(String(child.stderr)).toBe('')
    return JSON.parse(String(child.stdout).trim().split('\n').at(-1)!) as Seen
  }

  it.skipIf(!works)(
    'refuses by name, stores nothing half, goes on reading, and writes again when there is room',
    async () => {
      const seen = run()
      expect(seen.put).toEqual(['store.full'])
      expect(seen.upkeep).toEqual(['store.full'])
      expect(seen.read).toEqual([])
      expect(seen.after).toEqual([])
      expect(seen).toMatchObject({ torn: [], lost: [], damaged: [] })
      expect(seen.refused).toBeGreaterThan(2)
      // What a kill at the end would leave holds it all, too.
      const store = await openStore(copy.path)
      for (const batch of seen.acknowledged) {
        const fromMs = dayStartMs + batch * 2_000_000
        const range = { site: 'park', points: ['pv.powerKw'], fromMs, toMs: fromMs + 2_000_000 }
        expect((await store.observations.range(range))['pv.powerKw']?.values.length).toBe(2000)
      }
      await store.close()
    },
    120_000,
  )
})
