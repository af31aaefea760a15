import type { Ledger } from '../carbon/index.ts'
import type { Store } from '../store/index.ts'
import type { CommandContext } from './command.ts'
import { errors } from './errors.ts'
import { withKept } from './open-kept.ts'

/**
 * Does something with the ledger of a site.
 *
 * @param make whether the ledger is made where there is none yet
 * @throws `store.locked` while a server runs on the data folder
 */
export async function withLedger<T>(
  site: unknown,
  context: CommandContext,
  make: boolean,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const { createLedger, findLogSigner, openLogSigner } = await import('../carbon/index.ts')
  const { systemClock } = await import('../kernel/index.ts')
  const name = String(site)
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw errors.flagValue({
      detail: '--site is no id of a site',
      found: name,
      expected: 'small letters, digits and -',
    })
  }
  const open = async ({ journal, records }: Store): Promise<T> => {
    const signer = await (make ? openLogSigner : findLogSigner)(records, name)
    if (signer) return work(createLedger({ journal, clock: systemClock, signer, site: name }))
    throw errors.nothingKept({
      detail: 'The site has no ledger yet',
      found: name,
      expected: 'a site that entries were written for',
    })
  }
  if (!make) return withKept(context, open)
  const { openStore } = await import('../store/index.ts')
  const store = await openStore(context.dataFolder, systemClock, { databaseUrl: process.env.DATABASE_URL })
  try {
    return await open(store)
  } finally {
    await store.close()
  }
}
