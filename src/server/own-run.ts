import { type EvidenceRecord, type EvidenceStore, findRun, recall } from '../kernel/index.ts'
import type { Caller } from './caller.ts'
import type { SiteBook } from './site-book.ts'

/** The site of a run: that of its input; undefined where it names none. */
export async function siteOfRun({ inputSha256 }: EvidenceRecord, evidence: EvidenceStore): Promise<string | undefined> {
  const input = await recall(evidence, inputSha256)
  const site = typeof input === 'object' && input !== null ? (input as { readonly site?: unknown }).site : undefined
  return typeof site === 'string' ? site : undefined
}

/**
 * A run that the caller may read: one of a site of theirs. Runs without a site, and runs of the command line, which name their
 * site by its file, are of who administers the platform.
 *
 * @throws as for a run that is not there
 */
export async function ownRun(evidence: EvidenceStore, id: string, caller: Caller): Promise<EvidenceRecord> {
  const record = await findRun(evidence, id)
  if (caller.administers('*')) return record
  const site = await siteOfRun(record, evidence)
  return site !== undefined && caller.may('read', site) ? record : findRun(nothing, id)
}

/**
 * Sites whose runs the caller is told of; undefined: every run, those without a site too.
 *
 * @param asked the one site that is asked for
 * @throws `server.unknown-site` for a site that the caller may not know, `accounts.forbidden`
 */
export function sitesOfRuns(caller: Caller, sites: SiteBook, asked?: string): readonly string[] | undefined {
  const all = caller.administers('*')
  if (asked !== undefined) {
    if (!all) caller.demand('read', asked)
    return [asked]
  }
  if (all) return undefined
  return sites
    .all()
    .map(({ site }) => site.id)
    .filter((site) => caller.may('read', site))
}

/** Where nothing is found. */
const nothing: EvidenceStore = {
  put: () => Promise.reject(new Error('Nothing is kept here')),
  record: () => Promise.resolve(undefined),
  blob: () => Promise.resolve(undefined),
}
