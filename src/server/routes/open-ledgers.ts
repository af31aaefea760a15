import { createLedger, findLogSigner, type Ledger } from '../../carbon/index.ts'
import type { ServerParts } from '../server-parts.ts'

/** The ledger of a site; undefined where it has none yet, unless `find` makes its key. @throws `server.unknown-site` */
export type LedgerOf = (site: string, find?: typeof findLogSigner) => Promise<Ledger | undefined>

/** Ledgers of the sites of a server, each opened at its first use. */
export function openLedgers({ sites, store, clock }: Pick<ServerParts, 'sites' | 'store' | 'clock'>): LedgerOf {
  const open = new Map<string, Ledger>()
  return async (site, find = findLogSigner) => {
    sites.get(site)
    const known = open.get(site)
    if (known) return known
    const signer = await find(store.records, site)
    if (!signer) return undefined
    const ledger = open.get(site) ?? createLedger({ journal: store.journal, clock, signer, site })
    open.set(site, ledger)
    return ledger
  }
}
