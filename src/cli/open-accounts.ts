import type { Accounts } from '../server/accounts/index.ts'
import { openStore } from '../store/index.ts'
import type { CommandContext } from './command.ts'

/**
 * Does something with the accounts of the data folder, while no server has it open. On a folder without users the first one is
 * made, as a first start makes it.
 *
 * @throws `store.locked` while a server runs on the folder
 */
export async function withAccounts<T>(
  { dataFolder, terminal }: CommandContext,
  work: (accounts: Accounts, note: (what: string, on: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  // Loaded here, so that other commands do not wait for the server's code.
  const { createAccounts } = await import('../server/accounts/index.ts')
  const { systemClock } = await import('../kernel/index.ts')
  const store = await openStore(dataFolder, systemClock, { databaseUrl: process.env.DATABASE_URL })
  try {
    const accounts = createAccounts({ records: store.records, journal: store.journal, clock: systemClock })
    const first = await accounts.firstStart()
    if (first) terminal.error(`First user: ${first.user.name}   Password, told only now: ${first.password}`)
    const note = (what: string, on: string): Promise<void> =>
      accounts.audit.note({ who: { kind: 'local', id: 'command line' }, what, on, from: 'local', outcome: 'done' })
    return await work(accounts, note)
  } finally {
    await store.close()
  }
}

/** `a, b` as a list. */
export const listOf = (text: unknown): readonly string[] =>
  String(text)
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** Sites of a flag; `*` = all. */
export const sitesOf = (text: unknown): '*' | readonly string[] => (String(text) === '*' ? '*' : listOf(text))
