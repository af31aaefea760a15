import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { killFolds } from './fold-kills.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-fold-soak-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a journal that is killed a hundred times while it is folded has all that was acknowledged', async () => {
  const { records, folds } = await killFolds(join(folder, 'journal.ndjson'), { kills: 100, seed: 11 })
  expect(records).toBeGreaterThan(1000)
  expect(folds).toBeGreaterThan(100)
}, 600_000)
