import type { Journal, Records } from '../../store/index.ts'
import { memoryRecords } from '../../store/memory-records.fixture.ts'
import { type MovableClock, movableClock } from '../../store/store.fixture.ts'
import { type Accounts, type AccountsOptions, createAccounts } from './accounts.ts'
import type { ScryptCost } from './passwords.ts'

/** Passwords that cost next to nothing, for tests. */
export const cheap: ScryptCost = { logN: 4, r: 1, p: 1 }

/** At noon in Liyang on a Monday in July. */
export const testClock = (nowMs: number = Date.UTC(2026, 6, 6, 4)): MovableClock => movableClock(nowMs)

export interface TestAccounts {
  readonly accounts: Accounts
  readonly clock: MovableClock
  readonly records: Records
  readonly journal: Journal
}

/** Accounts in memory. */
export function testAccounts(options: Partial<AccountsOptions> & { readonly clock?: MovableClock } = {}): TestAccounts {
  const clock = options.clock ?? testClock()
  const { records, journal } = memoryRecords(clock)
  return {
    accounts: createAccounts({ records, journal, passwordCost: cheap, ...options, clock }),
    clock,
    records,
    journal,
  }
}
