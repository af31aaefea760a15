import type { EvidenceRecord } from '../kernel/index.ts'

/** What a list tells of a run; the rest is its evidence. */
export interface ListedRun {
  readonly id: string
  readonly engine: string
  /** Of the input; absent: the input names none, or one of more than {@link maxSiteBytes}. */
  readonly site?: string
  /** The moment that the run took for now. */
  readonly clockMs: number
}

/** Where a run stands in the list. */
export type RunPlace = Pick<ListedRun, 'id' | 'clockMs'>

export interface RunListRequest {
  /** Runs of these sites alone; absent: of all, and those without a site. */
  readonly sites?: readonly string[]
  readonly engine?: string
  /** Inclusive. */
  readonly fromMs?: number
  /** Exclusive. */
  readonly toMs?: number
  /** Runs after this one in the list: the last of the page before. */
  readonly after?: RunPlace
  /** Default 100. */
  readonly limit?: number
}

/** Which runs there is evidence of. */
export interface RunList {
  /** Newest first; of one moment by id, from the greatest. */
  list(request?: RunListRequest): Promise<readonly ListedRun[]>
}

export const defaultRuns = 100

/** Most bytes of a site and of an engine as parts of a file name, which has 255; ids of sites are shorter by far. */
export const maxSiteBytes = 110
const maxEngineBytes = 60
/** 9999-12-31T23:59:59.999Z */
const lastMs = 253_402_300_799_999

/**
 * What the list tells of a run, from its evidence; undefined for a record that no version of Mangrove writes.
 *
 * @param inputText blob of the input; absent: it is gone
 */
export function listedRunOf(record: EvidenceRecord, inputText: string | undefined): ListedRun | undefined {
  const { id, engine, clockMs } = record
  if (typeof engine !== 'string' || !fits(engine, maxEngineBytes)) return undefined
  if (!Number.isSafeInteger(clockMs) || clockMs < 0 || clockMs > lastMs) return undefined
  const site = siteIn(inputText)
  return { id, engine, clockMs, ...(site === undefined ? {} : { site }) }
}

function siteIn(inputText: string | undefined): string | undefined {
  if (inputText === undefined) return undefined
  try {
    const site = (JSON.parse(inputText) as { readonly site?: unknown } | null)?.site
    return typeof site === 'string' && fits(site, maxSiteBytes) ? site : undefined
  } catch {
    return undefined
  }
}

/** A NUL has no place in a text of PostgreSQL, half a character none in a file name. */
const fits = (text: string, maxBytes: number): boolean =>
  text !== '' && text.isWellFormed() && !text.includes('\0') && asFilePart(text).length <= maxBytes

/** Without a comma, and without anything that a file system minds. */
export const asFilePart = (text: string): string => encodeURIComponent(text).replaceAll('*', '%2A')

/** Newest first; of one moment by id, from the greatest. */
export const byNewest = (a: RunPlace, b: RunPlace): number =>
  b.clockMs - a.clockMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
