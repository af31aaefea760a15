import { canonicalJson, sha256Hex } from '../../kernel/index.ts'
import type { EntryDraft } from '../ledger/index.ts'
import { Decimal } from '../quantity/index.ts'
import type { AvoidedInput } from './schema.ts'
import type { Term } from './terms.ts'

/** Days of the ledger, in ms. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Decimals that an entry keeps. */
const mostDecimals = 30

/**
 * Entries for the book `avoided` of a ledger: baseline above zero, project and leakage below, each times the additionality share, so that
 * the book comes to what is additional. What is avoided is claimed: a second project cannot claim the same baseline and days.
 */
export function ledgerEntries(
  terms: readonly Term[],
  {
    project,
    period,
    additionality,
    by,
    revision,
  }: Pick<AvoidedInput, 'project' | 'period' | 'additionality' | 'by' | 'revision'>,
  { fromMs, toMs }: Span,
): readonly EntryDraft[] {
  return terms.map((term): EntryDraft => {
    const { id, part, title, amount, factors, mass } = term
    const { gas = '', gwpSet, boundary = 'unstated' } = mass.basis
    const subject = amount.basis.subject ?? ''
    const sign = part === 'baseline' ? 1 : -1
    const share = {
      ...{ factor: 'input/additionality', subject, setSha256: sha256Hex(canonicalJson(additionality)) },
      ...{ value: additionality.share, unit: '1', document: additionality.reason.slice(0, 600), table: 'as stated' },
      ...{ validFrom: period.from, validTo: period.to, licence: 'as stated' },
    }
    const kg = mass.amount.times(additionality.share).times(sign)
    return {
      ...{ id: `avoided/${project}/${id}/${period.from}${revision > 1 ? `/${revision}` : ''}`, by, kind: 'emission' },
      body: {
        ...{ book: 'avoided', category: part, asset: project, fromMs, toMs },
        activity: { amount: amount.amount.times(sign).toFixed(), unit: amount.unit, subject },
        factors: [...factors, share],
        amountKg: kg.toDecimalPlaces(mostDecimals, Decimal.ROUND_HALF_EVEN).toFixed(),
        ...{ gas, boundary, note: title },
        ...(gwpSet === undefined ? {} : { gwpSet }),
        ...(part === 'baseline' ? { claims: [{ key: `avoided/${project}/${id}`, fromMs, toMs, share: '1' }] } : {}),
      },
    }
  })
}
