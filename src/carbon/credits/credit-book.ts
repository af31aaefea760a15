import { carbonErrors } from '../errors.ts'
import type { Block, CreditEvent, EventOf } from './events.ts'
import { quantityOf } from './events.ts'
import { createMarket, type Market } from './market.ts'
import { createPurses, type Purses } from './purses.ts'
import { createSerials, type Run, type Serials } from './serials.ts'

/** What is known of a project. */
export interface Project {
  readonly id: string
  readonly title: string
  readonly country: string
  readonly programme: string
  readonly methodology: string
  readonly validated: boolean
  /** Uses abroad that the host party authorised, with the NDC that the letter stands on. */
  readonly authorised: readonly EventOf<'authorise'>[]
}

/** Tonnes of a project and vintage. */
export interface VintageTotals {
  readonly verified: bigint
  readonly issued: bigint
  readonly active: bigint
  readonly offered: bigint
  readonly retired: bigint
  readonly cancelled: bigint
}

/** Credits as they are after the events so far. */
export interface CreditBook {
  /**
   * Takes the next event, or refuses it and stays as it was.
   *
   * @param id id of the entry: of an order, the name it has in the book
   * @throws `carbon.unknown-project`, `carbon.serials-taken`, `carbon.not-held`, `carbon.not-authorised`, `carbon.no-funds`,
   * `carbon.bad-event`, `carbon.unknown-order`
   */
  take(event: CreditEvent, id: string): void
  project(id: string): Project
  projects(): readonly Project[]
  vintages(project: string): readonly number[]
  totals(project: string, vintage: number): VintageTotals
  runs(project: string, vintage: number): readonly Run[]
  /** The block that the next issue of so many credits has. */
  nextBlock(project: string, vintage: number, quantity: bigint): Block
  /** The first blocks of active credits of an account that make up a quantity. @throws `carbon.not-held` */
  pick(account: string, project: string, vintage: number, quantity: bigint): readonly Block[]
  readonly purses: Omit<Purses, 'add' | 'take'>
  readonly market: Pick<Market, 'orders' | 'trades'>
}

interface Vintage {
  verified: bigint
  readonly serials: Serials
}

export function createCreditBook(): CreditBook {
  const projects = new Map<string, Project>()
  const vintages = new Map<string, Map<number, Vintage>>()
  const purses = createPurses()
  const known = (id: string): Project => {
    const project = projects.get(id)
    if (project) return project
    throw carbonErrors.unknownProject({ detail: 'No project has this id', found: id })
  }
  const of = (project: string, vintage: number): Vintage | undefined => vintages.get(project)?.get(vintage)
  const vintageOf = (project: string, vintage: number): Vintage => {
    const own = vintages.get(project) ?? new Map<number, Vintage>()
    vintages.set(project, own)
    const found = own.get(vintage) ?? { verified: 0n, serials: createSerials() }
    own.set(vintage, found)
    return found
  }
  /** Serials of a block, all of which an account holds and may use. */
  const held = (block: Block, account: string): { readonly serials: Serials; readonly runs: readonly Run[] } => {
    known(block.project)
    const serials = of(block.project, block.vintage)?.serials
    const runs = serials?.within(BigInt(block.start), BigInt(block.end)) ?? []
    const other = runs.find(({ holder, status }) => holder !== account || status !== 'active')
    if (serials && runs.length > 0 && !other) return { serials, runs }
    throw carbonErrors.notHeld({
      detail: `${account} does not hold all of ${blockText(block)}`,
      found: other
        ? `${other.start} to ${other.end}: ${other.status}, ${other.holder}`
        : 'serials that were not issued',
      expected: `active credits of ${account}`,
    })
  }
  const change = ({ start, end }: Block, serials: Serials, turn: (run: Run) => Run): void =>
    serials.change(BigInt(start), BigInt(end), turn)
  const market = createMarket({ purses, serialsOf: (project, vintage) => vintageOf(project, vintage).serials, held })

  const verbs: { readonly [Type in CreditEvent['type']]: (event: EventOf<Type>, id: string) => void } = {
    project({ project: id, title, country, programme, methodology }) {
      if (projects.has(id)) throw carbonErrors.badEvent({ detail: 'The project is registered already', found: id })
      projects.set(id, { id, title, country, programme, methodology, validated: false, authorised: [] })
    },
    validate({ project }) {
      projects.set(project, { ...known(project), validated: true })
    },
    verify({ project, vintage, quantity }) {
      if (!known(project).validated) {
        throw carbonErrors.notAuthorised({
          detail: 'A project is validated before its reductions are verified',
          found: project,
          expected: 'an event validate before',
        })
      }
      vintageOf(project, vintage).verified += BigInt(quantity)
    },
    issue({ block, to }) {
      const { country } = known(block.project)
      const quantity = quantityOf(block)
      const vintage = of(block.project, block.vintage)
      const issued = vintage?.serials.issued() ?? 0n
      if (quantity < 1n || BigInt(block.start) !== issued + 1n) {
        throw carbonErrors.serialsTaken({
          detail: `${blockText(block)} is not the next block`,
          found: block.start,
          expected: `a block that begins at ${issued + 1n}`,
        })
      }
      const verified = vintage?.verified ?? 0n
      if (!vintage || issued + quantity > verified) {
        throw carbonErrors.notAuthorised({
          detail: 'More than was verified cannot be issued',
          found: `${issued + quantity} t`,
          expected: `${verified} t at most, ${verified - issued} of them not issued yet`,
        })
      }
      vintage.serials.issue(quantity, { holder: to, status: 'active', party: country, adjustment: 'none' })
    },
    transfer({ block, from, to }) {
      const { serials } = held(block, from)
      change(block, serials, (run) => ({ ...run, holder: to }))
    },
    authorise(event) {
      const project = known(event.project)
      projects.set(project.id, { ...project, authorised: [...project.authorised, event] })
    },
    'transfer-abroad'({ block, from, to, party }) {
      const { serials } = held(block, from)
      const { authorised, country } = known(block.project)
      // Without the letter, and the NDC that an adjustment is made against, nothing leaves: it fails closed.
      if (authorised.length === 0 || party === country) {
        throw carbonErrors.notAuthorised({
          detail:
            party === country
              ? 'The acquiring party is the host party'
              : `The host party ${country} has authorised no use of ${block.project} abroad, and no NDC is known to adjust`,
          found: party,
          expected: 'an event authorise with letter and NDC, and another party',
        })
      }
      change(block, serials, (run) => ({
        ...run,
        ...{ holder: to, party, adjustment: run.adjustment === 'made' ? 'made' : 'due' },
      }))
    },
    adjust({ block }) {
      known(block.project)
      const serials = of(block.project, block.vintage)?.serials
      const runs = serials?.within(BigInt(block.start), BigInt(block.end)) ?? []
      const other = runs.find(({ adjustment }) => adjustment !== 'due')
      if (!serials || runs.length === 0 || other) {
        throw carbonErrors.badEvent({
          detail: `No adjustment is due for all of ${blockText(block)}`,
          found: other ? `${other.start} to ${other.end}: ${other.adjustment}` : 'serials that were not issued',
          expected: 'credits that were transferred abroad and not adjusted yet',
        })
      }
      change(block, serials, (run) => ({ ...run, adjustment: 'made' }))
    },
    retire({ block, from, use }, id) {
      const { serials, runs } = held(block, from)
      const strict = use === 'ndc' || use === 'international-mitigation' || use === 'corsia'
      const open = runs.find(({ adjustment }) => adjustment === 'due' || (strict && adjustment === 'none'))
      const home =
        use === 'ndc' &&
        runs.every(({ party, adjustment }) => adjustment === 'none' && party === known(block.project).country)
      const authorised = known(block.project).authorised.some((one) => one.use === use)
      if ((open && !home) || (strict && !home && !authorised)) {
        throw carbonErrors.notAuthorised({
          detail: `Credits for ${use} need the authorisation for it and the corresponding adjustment of the host party`,
          found: open ? `${open.start} to ${open.end}: adjustment ${open.adjustment}` : 'no authorisation of this use',
          expected: 'events authorise, transfer-abroad and adjust before',
        })
      }
      change(block, serials, (run) => ({ ...run, status: 'retired', by: id }))
    },
    cancel({ block, from }, id) {
      const { serials } = held(block, from)
      change(block, serials, (run) => ({ ...run, status: 'cancelled', by: id }))
    },
    deposit: ({ account, currency, amountMinor }) => purses.add(account, currency, BigInt(amountMinor)),
    withdraw: ({ account, currency, amountMinor }) => purses.take(account, currency, BigInt(amountMinor)),
    offer: (event, id) => market.offer(event, id),
    bid(event, id) {
      known(event.project)
      market.bid(event, id)
    },
    'withdraw-order': (event) => market.withdraw(event),
  }

  return {
    take: (event, id) => (verbs[event.type] as (event: CreditEvent, id: string) => void)(event, id),
    project: known,
    projects: () => [...projects.values()],
    vintages: (project) => [...(vintages.get(project)?.keys() ?? [])].sort(),
    totals(project, vintage) {
      const found = of(project, vintage)
      const sum = { active: 0n, offered: 0n, retired: 0n, cancelled: 0n }
      for (const { status, start, end } of found?.serials.runs() ?? []) sum[status] += end - start + 1n
      return { verified: found?.verified ?? 0n, issued: found?.serials.issued() ?? 0n, ...sum }
    },
    runs: (project, vintage) => of(project, vintage)?.serials.runs() ?? [],
    nextBlock(project, vintage, quantity) {
      const start = (of(project, vintage)?.serials.issued() ?? 0n) + 1n
      return { project, vintage, start: String(start), end: String(start + quantity - 1n) }
    },
    pick(account, project, vintage, quantity) {
      const blocks: Block[] = []
      let left = quantity
      for (const { holder, status, start, end } of of(project, vintage)?.serials.runs() ?? []) {
        if (left === 0n) break
        if (holder !== account || status !== 'active') continue
        const last = end - start + 1n > left ? start + left - 1n : end
        blocks.push({ project, vintage, start: String(start), end: String(last) })
        left -= last - start + 1n
      }
      if (left === 0n) return blocks
      throw carbonErrors.notHeld({
        detail: `${account} does not hold so many credits of ${project}, ${vintage}`,
        found: `${quantity - left} credits`,
        expected: `${quantity} credits`,
      })
    },
    purses,
    market,
  }
}

export const blockText = ({ project, vintage, start, end }: Block): string =>
  `${project} ${vintage}, ${start} to ${end}`
