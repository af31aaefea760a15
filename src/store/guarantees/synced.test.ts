import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../store.fixture.ts'

const works = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0

it.skipIf(!works)(
  'every acknowledgement comes after the log was synced to the disk (skipped without strace)',
  async () => {
    const folder = await temporaryFolder()
    try {
      const calls = join(folder.path, 'calls')
      const script = join(import.meta.dirname, 'synced-writer.fixture.ts')
      const watch = ['-f', '-y', '-e', 'trace=write,writev,pwrite64,fsync,fdatasync', '-o', calls]
      const child = spawnSync('strace', [...watch, process.execPath, script, join(folder.path, 'data')])
      expect(String(child.stderr)).toBe('')
      const acknowledged: { readonly batch: number; readonly written: number; readonly synced: boolean }[] = []
      let written = 0
      let synced = true
      for (const line of readFileSync(calls, 'utf8').split('\n')) {
        if (/ p?writev?(64)?\(\d+<[^>]*mangrove\.duckdb\.wal>/.test(line)) {
          written += 1
          synced = false
        } else if (/ f(data)?sync\(.*\.wal>\) += 0|<\.\.\. f(data)?sync resumed>\) += 0/.test(line)) synced = true
        const batch = /"acknowledged (\d)/.exec(line)?.[1]
        if (batch === undefined) continue
        acknowledged.push({ batch: Number(batch), written, synced })
        written = 0
      }
      expect(acknowledged.map(({ batch }) => batch)).toEqual([1, 2, 3, 4, 5])
      for (const one of acknowledged) {
        expect(one.written).toBeGreaterThan(0)
        expect(one.synced).toBe(true)
      }
    } finally {
      await folder.remove()
    }
  },
)
