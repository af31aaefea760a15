import { type Basis, parseDecimal, type Quantity, quantity } from '../quantity/index.ts'
import type { factorKinds } from './schema.ts'

export type FactorKind = (typeof factorKinds)[number]

/** Where a value stands. */
export interface FactorSource {
  readonly title: string
  readonly publisher: string
  readonly year: number
  readonly table: string
  readonly page?: string
  /** Of the file that was read; absent: the original was not read. */
  readonly sha256?: string
  readonly licence: string
  readonly attribution?: string
}

/** One value that turns an activity into emissions, or something on the way. */
export interface Factor {
  /** `<set>/<row>`: `grid-cn/CN-JS.2023`. */
  readonly id: string
  readonly set: string
  readonly setVersion: string
  /** Of the canonical JSON of the whole set. */
  readonly setSha256: string
  readonly kind: FactorKind
  readonly title: string
  readonly subject: string
  readonly variant?: string
  /** As printed. */
  readonly value: string
  readonly unit: string
  readonly basis: Omit<Basis, 'subject'>
  /** Absent: anywhere. */
  readonly region?: string
  /** Days; `to` is the first it no longer holds for. */
  readonly valid: { readonly from: string; readonly to?: string }
  readonly published?: string
  readonly source: FactorSource
  /** Half of the 95 % interval over the value. */
  readonly relative?: number
  readonly note?: string
  readonly verify?: string
}

/** The factor as a quantity that an activity can be multiplied with. @throws `carbon.bad-unit` */
export function factorQuantity({ value, unit, basis, subject, kind }: Factor): Quantity {
  if (kind === 'gwp') return { amount: parseDecimal(value), unit, basis: { subject } }
  return quantity(value, unit, { ...basis, subject })
}

/** What every result that used a factor says of it. */
export interface FactorPedigree {
  readonly factor: string
  /** What it is a factor of; of a GWP: the gas. */
  readonly subject: string
  readonly setSha256: string
  readonly value: string
  readonly unit: string
  readonly gas?: string
  readonly gwpSet?: string
  readonly boundary?: string
  readonly heatingValue?: string
  readonly document: string
  readonly table: string
  readonly documentSha256?: string
  readonly validFrom: string
  readonly validTo?: string
  readonly licence: string
  readonly attribution?: string
  /** The value is second-hand: why. */
  readonly verify?: string
}

/** Source, table, validity and mark of a factor, flat: for entries of the ledger and for reports. */
export function pedigreeOf({
  id,
  subject,
  setSha256,
  value,
  unit,
  basis,
  source,
  valid,
  verify,
}: Factor): FactorPedigree {
  const { gas, gwpSet, boundary, heatingValue } = basis
  return {
    ...{ factor: id, subject, setSha256, value, unit },
    ...(gas === undefined ? {} : { gas }),
    ...(gwpSet === undefined ? {} : { gwpSet }),
    ...(boundary === undefined ? {} : { boundary }),
    ...(heatingValue === undefined ? {} : { heatingValue }),
    ...{ document: `${source.publisher}, ${source.title} (${source.year})`, table: source.table },
    ...(source.sha256 === undefined ? {} : { documentSha256: source.sha256 }),
    validFrom: valid.from,
    ...(valid.to === undefined ? {} : { validTo: valid.to }),
    licence: source.licence,
    ...(source.attribution === undefined ? {} : { attribution: source.attribution }),
    ...(verify === undefined ? {} : { verify }),
  }
}
