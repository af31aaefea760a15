import { carbonErrors } from '../../errors.ts'
import { createCreditBook, type Project } from '../credit-book.ts'
import type { Block, CreditEvent, EventOf } from '../events.ts'
import type { Run } from '../serials.ts'
import { type AefRow, type AefTableName, aefRow, aefVerify } from './columns.ts'
import { partyCode, partyName } from './party-code.ts'

/** An event of credits with its entry: when it was written, and under which id. */
export interface CreditEntry {
  readonly id: string
  readonly atMs: number
  readonly event: CreditEvent
}

/** Whose report it is, and what events do not say. */
export interface AefQuestion {
  /** The reporting party, ISO 3166-1 alpha-2. */
  readonly party: string
  /** Calendar year, UTC. */
  readonly year: number
  /** Day of the report. */
  readonly date: string
  /** Registry of ITMOs of the first transferring party: `CHN01`. */
  readonly registry?: string
  /** Cooperative approach of a project: `{ "MGR-1": "CA0001" }`. */
  readonly approaches?: Readonly<Record<string, string>>
  readonly ndcFrom?: number
  readonly ndcTo?: number
}

export interface AefReport {
  readonly party: string
  readonly year: number
  readonly tables: Readonly<Record<AefTableName, readonly AefRow[]>>
  /** Tonnes of the year, exact: by which the emissions balance is adjusted (decision 2/CMA.3, annex, paragraph 8). */
  readonly adjustment: {
    /** Added to the balance. */
    readonly firstTransferredT: string
    /** Towards the party's own NDC; taken off the balance. */
    readonly usedTowardsNdcT: string
    readonly balanceT: string
    /** Of the first transfers of all years: stated as adjusted in a report, and not yet. */
    readonly madeT: string
    readonly dueT: string
  }
  /** Tonnes of the party over all years until the end of this one: what came and went, and what is left. */
  readonly account: {
    readonly acquiredT: string
    readonly transferredOnT: string
    readonly usedT: string
    readonly cancelledT: string
    readonly holdingsT: string
  }
  /** Columns that the format asks for and nobody told. */
  readonly missing: readonly string[]
  readonly verify: readonly string[]
}

const purposes = {
  ndc: 'NDC',
  'international-mitigation': 'IMP',
  corsia: 'IMP',
  voluntary: 'OP',
  compliance: 'OP',
} as const
/** Retired for these, an ITMO is cancelled rather than used. */
const cancels: ReadonlySet<string> = new Set(['voluntary'])

/**
 * The four tables of the agreed electronic format for one party and year, as a fold of the events in the order of the ledger. An ITMO
 * is a credit from its first transfer abroad on; credits that never left count in no table.
 *
 * @throws `carbon.bad-export` for a party that is none, or projects of one vintage that share a cooperative approach and with it their
 * identifiers; and what the events themselves are refused for
 */
export function aefReport(entries: Iterable<CreditEntry>, question: AefQuestion): AefReport {
  const { party, year, approaches = {} } = question
  const self = partyCode(party)
  const endMs = Date.UTC(year + 1, 0, 1)
  const book = createCreditBook()
  const authorizations: AefRow[] = []
  const actions: AefRow[] = []
  const letters = new Map<string, { readonly id: string; readonly use: string }[]>()
  const sums = { first: 0n, ndc: 0n, acquired: 0n, onward: 0n, used: 0n, cancelled: 0n }

  const authorizationOf = (project: string, use?: string): string | null => {
    const all = letters.get(project) ?? []
    const fitting = use === undefined ? all : all.filter((one) => one.use === use)
    return (fitting.length > 0 ? fitting : all).map(({ id }) => id).join(', ') || null
  }
  const unitOf = ({ project, vintage }: Pick<Block, 'project' | 'vintage'>, { start, end }: Run): AefRow => {
    const host = partyCode(book.project(project).country)
    const approach = approaches[project] ?? null
    const { registry = null } = question
    const itmo = (serial: bigint): string | null =>
      approach === null || registry === null ? null : `${approach}-${registry}-${host}-${serial}-${vintage}`
    return {
      'Cooperative approach ID': approach,
      'First transferring participating Party ID': host,
      'Party ITMO registry ID': registry,
      'First ID': itmo(start),
      'Last ID': itmo(end),
      'First unit ID': `${project}-${vintage}-${start}`,
      'Last unit ID': `${project}-${vintage}-${end}`,
      Metric: 'GHG',
      'Quantity (t CO2 eq)': String(sizeOf({ start, end })),
      Vintage: String(vintage),
    }
  }
  const act = (atMs: number, block: Block, run: Run, told: AefRow, use?: string): void => {
    if (yearOf(atMs) !== year) return
    const ids = { 'Action date': dayOf(atMs), 'Authorization ID': authorizationOf(block.project, use) }
    actions.push(aefRow('actions', { ...unitOf(block, run), ...ids, ...told }))
  }
  const passedOn = (atMs: number, { block, party: to }: EventOf<'transfer-abroad'>, run: Run): void => {
    const size = sizeOf(run)
    const isFirst = run.adjustment === 'none'
    if (run.party === to) return
    const parties = {
      'Transferring participating Party ID': partyCode(run.party),
      'Acquiring participating Party ID': partyCode(to),
    }
    if (run.party === party) {
      if (!isFirst) sums.onward += size
      else if (yearOf(atMs) === year) sums.first += size
      act(atMs, block, run, { 'Action type': isFirst ? 'First transfer' : 'Transfer', ...parties })
    }
    if (to === party) {
      sums.acquired += size
      act(atMs, block, run, { 'Action type': 'Acquisition', ...parties })
    }
  }
  const usedUp = (atMs: number, { block, ...event }: EventOf<'retire'> | EventOf<'cancel'>, run: Run): void => {
    if (run.party !== party || run.adjustment === 'none') return
    const size = sizeOf(run)
    const isUse = event.type === 'retire' && !cancels.has(event.use)
    sums[isUse ? 'used' : 'cancelled'] += size
    if (isUse && event.use === 'ndc' && yearOf(atMs) === year) sums.ndc += size
    const retired = event.type === 'retire' ? event : undefined
    act(
      atMs,
      block,
      run,
      {
        'Action type': isUse ? 'Use' : 'Cancellation',
        'Action subtype': retired ? retired.use : null,
        'Purpose for which the ITMO has been used towards or cancelled for OIMP':
          retired && retired.use !== 'ndc' ? purposes[retired.use] : null,
        'Using/cancelling participating Party ID': self,
        'Using/cancelling authorized entity ID': retired?.beneficiary ?? null,
        'Additional explanatory information': event.type === 'cancel' ? event.reason : null,
      },
      retired?.use,
    )
  }

  for (const { id, atMs, event } of entries) {
    if (atMs >= endMs) break
    const touched = 'block' in event ? within(book.runs(event.block.project, event.block.vintage), event.block) : []
    book.take(event, id)
    if (event.type === 'authorise') {
      const own = letters.get(event.project) ?? []
      letters.set(event.project, [...own, { id, use: event.use }])
      const project = book.project(event.project)
      if (project.country !== party) continue
      authorizations.push(authorization(event, { id, atMs, version: own.length + 1, approach: approaches[project.id] }))
    }
    for (const run of touched) {
      if (event.type === 'transfer-abroad') passedOn(atMs, event, run)
      if (event.type === 'retire' || event.type === 'cancel') usedUp(atMs, event, run)
    }
  }
  refuseSharedApproach(book.projects(), (id) => book.vintages(id), approaches)

  const holdings: AefRow[] = []
  let [held, made, due] = [0n, 0n, 0n]
  for (const project of book.projects()) {
    for (const vintage of book.vintages(project.id)) {
      for (const run of book.runs(project.id, vintage)) {
        const size = sizeOf(run)
        if (project.country === party && run.adjustment === 'made') made += size
        if (project.country === party && run.adjustment === 'due') due += size
        const isHeld = run.status === 'active' || run.status === 'offered'
        if (run.party !== party || run.adjustment === 'none' || !isHeld) continue
        held += size
        const where = { 'Authorization ID': authorizationOf(project.id) }
        holdings.push(aefRow('holdings', { ...unitOf({ project: project.id, vintage }, run), ...where }))
      }
    }
  }
  const submission = aefRow('submission', {
    Party: partyName(party),
    'Reported year': String(year),
    'Date of submission': question.date,
    'First year of the NDC implementation period': textOf(question.ndcFrom),
    'Last year of the NDC implementation period': textOf(question.ndcTo),
  })
  const tables = { submission: [submission], authorizations, actions, holdings }
  return {
    ...{ party: self, year, tables },
    adjustment: {
      ...{ firstTransferredT: String(sums.first), usedTowardsNdcT: String(sums.ndc) },
      ...{ balanceT: String(sums.first - sums.ndc), madeT: String(made), dueT: String(due) },
    },
    account: {
      ...{ acquiredT: String(sums.acquired), transferredOnT: String(sums.onward), usedT: String(sums.used) },
      ...{ cancelledT: String(sums.cancelled), holdingsT: String(held) },
    },
    missing: missingOf(tables),
    verify: [aefVerify, 'The name of the party is that of CLDR, not of the list of Parties of the Convention'],
  }
}

/** Letter of a host party as a row; what its events do not say stays empty. */
function authorization(
  { use, letter, ndc }: EventOf<'authorise'>,
  {
    id,
    atMs,
    version,
    approach,
  }: { readonly id: string; readonly atMs: number; readonly version: number; readonly approach: string | undefined },
): AefRow {
  return aefRow('authorizations', {
    'Authorization ID': id,
    'Date of authorization': dayOf(atMs),
    'Cooperative approach ID': approach ?? null,
    'Version of the authorization': String(version),
    Metric: 'GHG',
    'Purposes for authorization': purposes[use],
    'OIMP authorized by the Party': use === 'ndc' ? null : use,
    'Authorization documentation': `SHA-256 ${letter}`,
    'Additional explanatory information': `NDC SHA-256 ${ndc.document}: ${ndc.metric}, ${ndc.target}`,
  })
}

/** Serials run by project and vintage: two projects under one approach would have the same identifiers. */
function refuseSharedApproach(
  projects: readonly Project[],
  vintagesOf: (project: string) => readonly number[],
  approaches: Readonly<Record<string, string>>,
): void {
  const owners = new Map<string, string>()
  for (const { id } of projects) {
    const approach = approaches[id]
    if (approach === undefined) continue
    for (const vintage of vintagesOf(id)) {
      const owner = owners.get(`${approach} ${vintage}`)
      if (owner !== undefined) {
        throw carbonErrors.badExport({
          detail: `${owner} and ${id} would have the same identifiers of ${vintage}`,
          found: approach,
          expected: 'a cooperative approach of its own for each project',
        })
      }
      owners.set(`${approach} ${vintage}`, id)
    }
  }
}

/** Asked for in every row, and told by no event. */
const asked: Readonly<Record<AefTableName, readonly string[]>> = {
  submission: ['Version', 'First year of the NDC implementation period', 'Last year of the NDC implementation period'],
  authorizations: ['Cooperative approach ID', 'Authorized quantity', 'Sector(s)', 'Activity type(s)'],
  actions: ['Cooperative approach ID', 'Authorization ID', 'First ID', 'Last ID', 'Mitigation type'],
  holdings: ['Cooperative approach ID', 'Authorization ID', 'First ID', 'Last ID', 'Mitigation type'],
}

const missingOf = (tables: AefReport['tables']): readonly string[] =>
  (Object.keys(asked) as AefTableName[]).flatMap((table) =>
    asked[table]
      .filter((heading) => tables[table].some((row) => row[heading] === null))
      .map((heading) => `${table}: ${heading}`),
  )

const sizeOf = ({ start, end }: Pick<Run, 'start' | 'end'>): bigint => end - start + 1n
const yearOf = (atMs: number): number => new Date(atMs).getUTCFullYear()
const textOf = (value: number | undefined): string | null => (value === undefined ? null : String(value))

/** `06/07/2026`, UTC: days of the format stand before months. */
export const dayOf = (atMs: number): string =>
  new Date(atMs).toISOString().slice(0, 10).split('-').toReversed().join('/')

/** Runs that cover a block, cut to it. */
const within = (runs: readonly Run[], block: Pick<Block, 'start' | 'end'>): readonly Run[] => {
  const [from, to] = [BigInt(block.start), BigInt(block.end)]
  return runs
    .filter(({ start, end }) => start <= to && end >= from)
    .map((run) => ({ ...run, start: run.start > from ? run.start : from, end: run.end < to ? run.end : to }))
}
