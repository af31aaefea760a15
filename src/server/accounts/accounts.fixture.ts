import type { Journal, Records } from '../../store/index.ts'
import { memoryRecords } from '../../store/memory-records.fixture.ts'
import { type Accounts, type AccountsOptions, createAccounts } from './accounts.ts'
import type { ScryptCost } from './passwords.ts'

/** Passwords that cost next to nothing, for tests. */
export const cheap: ScryptCost = { logN: 4, r: 1, p: 1 }

/** A clock that tests move. */
export interface TestClock {
  nowMs: number
  now(): number
}

export const testClock = (nowMs: number = Date.UTC(2026, 6, 6, 4)): TestClock => ({
  nowMs,
  now() {
    return this.nowMs
  },
})

export interface TestAccounts {
  readonly accounts: Accounts
  readonly clock: TestClock
  readonly records: Records
  readonly journal: Journal
}

/** Accounts in memory. */
export function testAccounts(options: Partial<AccountsOptions> & { readonly clock?: TestClock } = {}): TestAccounts {
  const clock = options.clock ?? testClock()
  const { records, journal } = memoryRecords(clock)
  return {
    accounts: createAccounts({ records, journal, passwordCost: cheap, ...options, clock }),
    clock,
    records,
    journal,
  }
}
