import { MangroveError } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { createLogSigner, type LogSigner, newLogKey } from './checkpoint.ts'
import { ledgerOrigin } from './create-ledger.ts'

const kind = 'ledger-key'

interface KeptKey {
  /** Ed25519, PKCS 8 DER in base64. */
  readonly privateKey: string
}

/**
 * The signer of a site's ledger. Its key is made at the first use and kept among the records of the store, as other secrets are;
 * of two nodes that make one at the same time the first wins.
 */
export async function openLogSigner(records: Records, site: string): Promise<LogSigner> {
  const kept = await findLogSigner(records, site)
  if (kept) return kept
  try {
    const { content } = await records.put<KeptKey>(kind, site, { privateKey: newLogKey() }, 0)
    return createLogSigner(ledgerOrigin(site), content.privateKey)
  } catch (error) {
    if (!(error instanceof MangroveError) || error.code !== 'store.conflict') throw error
    return openLogSigner(records, site)
  }
}

/** The signer of a site's ledger; undefined where the site has none. */
export async function findLogSigner(records: Records, site: string): Promise<LogSigner | undefined> {
  const kept = await records.get<KeptKey>(kind, site)
  return kept && createLogSigner(ledgerOrigin(site), kept.content.privateKey)
}
