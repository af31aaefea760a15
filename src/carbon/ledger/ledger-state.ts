import { type CreditBook, createCreditBook } from '../credits/index.ts'
import { carbonErrors } from '../errors.ts'
import { createExactSum, type ExactSum, parseScaled, type Scaled, scaledText } from '../quantity/index.ts'
import { type Claim, type ClaimIndex, createClaimIndex } from './claim-index.ts'
import type { Entry, EntryBody } from './entry.ts'

/** A total of one book, scope, method, gas and boundary. They are told apart, for adding them up would mean nothing. */
export interface LedgerTotal {
  readonly book: string
  readonly scope?: number
  readonly category?: string
  readonly method?: string
  readonly gas: string
  readonly gwpSet?: string
  readonly boundary: string
  /** Exact decimal text. */
  readonly amountKg: string
  /** Entries that it has, less those that were reversed. */
  readonly entries: number
  /** How many of them stand on a factor that is to be verified. */
  readonly toVerify: number
}

/** What the entries of a ledger come to. */
export interface LedgerState {
  /**
   * Takes the next entry, or refuses it and stays as it was.
   *
   * @throws `carbon.claimed-twice`, `carbon.period-closed`, `carbon.unknown-entry`, `carbon.already-reversed`, and what credits refuse
   */
  take(entry: Entry): void
  totals(): readonly LedgerTotal[]
  /** Whether an entry was taken back, and by which. */
  reversedBy(id: string): string | undefined
  readonly claims: Pick<ClaimIndex, 'spans'>
  readonly credits: Omit<CreditBook, 'take'>
}

/** What a reversal needs of the entry it takes back; of a million entries no more than that is held. */
interface Reversible {
  readonly claims: readonly Claim[]
  readonly emission?: {
    readonly fromMs: number
    readonly toMs: number
    readonly total: Total
    readonly amount: Scaled
    readonly toVerify: number
  }
}

interface Total {
  readonly head: Omit<LedgerTotal, 'amountKg' | 'entries' | 'toVerify'>
  readonly sum: ExactSum
  entries: number
  toVerify: number
}

const none: readonly Claim[] = []

export function createLedgerState(): LedgerState {
  const claims = createClaimIndex()
  const credits = createCreditBook()
  const totals = new Map<string, Total>()
  const reversible = new Map<string, Reversible>()
  const reversed = new Map<string, string>()
  const closings: { readonly id: string; readonly fromMs: number; readonly toMs: number }[] = []

  const totalOf = ({ book, scope, category, method, gas, gwpSet, boundary }: EntryBody<'emission'>): Total => {
    const key = [book, scope, category, method, gas, gwpSet, boundary].join('|')
    const known = totals.get(key)
    if (known) return known
    const head = {
      ...{ book, ...(scope === undefined ? {} : { scope }), ...(category === undefined ? {} : { category }) },
      ...{ ...(method === undefined ? {} : { method }), gas, ...(gwpSet === undefined ? {} : { gwpSet }), boundary },
    }
    const total = { head, sum: createExactSum(), entries: 0, toVerify: 0 }
    totals.set(key, total)
    return total
  }
  const count = (
    { total, amount: { digits, decimals }, toVerify }: Required<Reversible>['emission'],
    sign: 1 | -1,
  ): void => {
    total.sum.add(sign === 1 ? digits : -digits, decimals)
    total.entries += sign
    total.toVerify += sign * toVerify
  }
  /** A closed period changes only with a reason that is part of the entry. */
  const checkOpen = (fromMs: number, toMs: number, restates: object | undefined): void => {
    if (restates !== undefined) return
    const closing = closings.find((one) => one.fromMs < toMs && fromMs < one.toMs)
    if (!closing) return
    throw carbonErrors.periodClosed({
      detail: `The period was closed by ${closing.id}`,
      place: { path: 'body.restates' },
      found: `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`,
      expected: 'a period that is open, or restates with reason and note',
    })
  }
  const verbs = {
    emission({ id, body }: Entry & { readonly body: EntryBody<'emission'> }): void {
      if (!(body.fromMs < body.toMs)) {
        throw carbonErrors.badEntry({
          detail: 'The activity ends before it begins',
          place: { path: 'body.toMs' },
          found: body.toMs,
        })
      }
      checkOpen(body.fromMs, body.toMs, body.restates)
      const amount = parseScaled(body.amountKg)
      claims.take(body.claims ?? [], id)
      const { fromMs, toMs } = body
      const toVerify = Number(body.factors.some(({ verify }) => verify !== undefined))
      const emission = { fromMs, toMs, total: totalOf(body), amount, toVerify }
      count(emission, 1)
      reversible.set(id, { emission, claims: body.claims ?? none })
    },
    claim({ id, body }: Entry & { readonly body: EntryBody<'claim'> }): void {
      claims.take(body.claims, id)
      reversible.set(id, { claims: body.claims })
    },
    reversal({ id, body }: Entry & { readonly body: EntryBody<'reversal'> }): void {
      const target = reversible.get(body.reverses)
      const before = reversed.get(body.reverses)
      if (before !== undefined) {
        throw carbonErrors.alreadyReversed({ detail: `${body.reverses} was reversed by ${before}`, found: id })
      }
      if (!target) {
        throw carbonErrors.unknownEntry({
          detail: 'There is no entry of this id that can be reversed',
          place: { path: 'body.reverses' },
          found: body.reverses,
          expected: 'the id of an emission or a claim',
        })
      }
      if (target.emission) {
        checkOpen(target.emission.fromMs, target.emission.toMs, body.restates)
        count(target.emission, -1)
      }
      claims.release(target.claims, body.reverses)
      reversed.set(body.reverses, id)
      reversible.delete(body.reverses)
    },
    close({ id, body }: Entry & { readonly body: EntryBody<'close'> }): void {
      if (!(body.fromMs < body.toMs)) {
        throw carbonErrors.badEntry({
          detail: 'The period ends before it begins',
          place: { path: 'body.toMs' },
          found: body.toMs,
        })
      }
      closings.push({ id, fromMs: body.fromMs, toMs: body.toMs })
    },
    credit({ id, body }: Entry & { readonly body: EntryBody<'credit'> }): void {
      const own = body.claims ?? []
      claims.take(own, id)
      try {
        credits.take(body.event, id)
      } catch (error) {
        claims.release(own, id)
        throw error
      }
    },
  }

  return {
    take: (entry) => (verbs[entry.kind] as (entry: Entry) => void)(entry),
    totals: () =>
      [...totals.values()].map(({ head, sum, entries, toVerify }) => ({
        ...{ ...head, amountKg: scaledText(sum.total()), entries, toVerify },
      })),
    reversedBy: (id) => reversed.get(id),
    claims,
    credits,
  }
}
