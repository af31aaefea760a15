import { type Clock, fixedClock } from '../../kernel/index.ts'
import type { Journal } from '../../store/index.ts'
import { memoryRecords } from '../../store/memory-records.fixture.ts'
import { factorBookWith, findFactor, pedigreeOf } from '../factors/index.ts'
import { createLogSigner, newLogKey } from './checkpoint.ts'
import type { Claim } from './claim-index.ts'
import { createLedger, type Ledger } from './create-ledger.ts'
import type { EntryBody, EntryDraft } from './entry.ts'

export const hourMs = 3_600_000
export const yearStartMs = Date.UTC(2023, 0, 1)
export const signer = createLogSigner('mangrove/park', newLogKey())

const grid = findFactor(factorBookWith(), {
  ...{ kind: 'emission', subject: 'electricity', variant: 'average', boundary: 'direct', gas: 'CO2' },
  ...{ region: 'CN-JS', at: '2023-07-01' },
})
/** 0.5827 kg CO2/kWh, to be verified. */
export const gridPedigree = pedigreeOf(grid.factor)

export const claimOf = (hour: number, share = '1'): Claim => ({
  ...{ key: 'energy/park/meter', fromMs: yearStartMs + hour * hourMs, toMs: yearStartMs + (hour + 1) * hourMs, share },
})

/** An hour of purchased electricity, 100 kWh. */
export const emission = (id: string, over: Partial<EntryBody<'emission'>> = {}): EntryDraft => ({
  ...{ id, by: 'tester', kind: 'emission' },
  body: {
    ...{ book: 'inventory', scope: 2, method: 'location', asset: 'grid' },
    ...{ fromMs: yearStartMs, toMs: yearStartMs + hourMs, factors: [gridPedigree], gas: 'CO2', boundary: 'direct' },
    ...{ activity: { amount: '100', unit: 'kWh', subject: 'electricity' }, amountKg: '58.27' },
    ...over,
  },
})

export const reversal = (id: string, reverses: string, more: Partial<EntryBody<'reversal'>> = {}): EntryDraft => ({
  ...{ id, by: 'tester', kind: 'reversal' },
  body: { reverses, reason: 'wrong-amount', note: 'Read wrongly', ...more },
})

/** A ledger in memory. */
export function memoryLedger(clock: Clock = fixedClock(yearStartMs)): {
  readonly ledger: Ledger
  readonly journal: Journal
} {
  const { journal } = memoryRecords(clock)
  return { ledger: createLedger({ journal, clock, signer, site: 'park' }), journal }
}

export async function linesOf(ledger: Ledger): Promise<string[]> {
  const lines: string[] = []
  for await (const line of ledger.export()) lines.push(line)
  return lines
}
