import type { PointColumn, PointColumns } from '../expression/index.ts'
import { quality } from '../series/quality.ts'
import { conversion } from '../units/index.ts'
import type { Balance, MeteredFlow } from './declarations.ts'

/**
 * `unknown`: an input is missing. `explained`: the remainder is within the accuracy of the meters. `tolerated`: it is within
 * the tolerance that the site allows. `unexplained`: it is within neither. `not-judged`: the site states neither.
 */
export type BalanceVerdict = 'unknown' | 'explained' | 'tolerated' | 'unexplained' | 'not-judged'

/** What a balance says of one bucket, or of all complete ones; in the unit of the balance. */
export interface BalanceRow {
  /** What came in; NaN where an input is missing. */
  readonly in: number
  readonly out: number
  /** `in − out`: what went somewhere that no point of the balance tells. */
  readonly remainder: number
  /** Remainder by what came in; NaN where nothing came in. */
  readonly remainderShare: number
  /** ± limits of the remainder from the classes of the meters; NaN unless every point declares its class. */
  readonly uncertainty: number
  readonly verdict: BalanceVerdict
}

export interface BalanceResult {
  readonly id: string
  readonly unit: string
  /** Bucket by bucket. */
  readonly in: Float64Array
  readonly out: Float64Array
  readonly remainder: Float64Array
  readonly remainderShare: Float64Array
  readonly uncertainty: Float64Array
  readonly verdicts: readonly BalanceVerdict[]
  /** Worst {@link quality} of the inputs; `missing` where one is missing. */
  readonly quality: Uint8Array
  /** Inputs without a value, bucket by bucket. */
  readonly missing: readonly (readonly string[])[]
  /** How many buckets each input that was ever missing was missing in. */
  readonly missingBuckets: Readonly<Record<string, number>>
  /** Buckets in which nothing was missing. */
  readonly completeBuckets: number
  /** Means over the complete buckets. */
  readonly total: BalanceRow
}

const nothingMissing: readonly string[] = []

/**
 * Holds what comes in against what goes out, bucket by bucket. A flow below zero runs the other way and counts on the other
 * side, so that a battery or a connection can stand on one side; `in − out` is the same. A bucket with a missing input has no
 * sums: nothing is taken as zero.
 *
 * Uncertainty: limits of error of independent meters add as root of the sum of squares (law of propagation, JCGM 100:2008,
 * 5.1.2, with sensitivities of one). In the total, the error of one meter has one sign in all buckets, so its amounts are
 * added before they are squared.
 *
 * @param columns of every point of the balance, each in its own unit and `count` rows long; one without a column is missing
 */
export function computeBalance(balance: Balance, columns: PointColumns, count: number): BalanceResult {
  const flows = [
    ...balance.in.map((flow) => ({ flow, sign: 1 })),
    ...balance.out.map((flow) => ({ flow, sign: -1 })),
  ].map(({ flow, sign }) => new FlowReader(flow, sign, columns.get(flow.ref), balance.unit))
  for (const { column, ref } of flows) {
    if (column && column.values.length !== count) {
      throw new RangeError(`The column of ${ref} has ${column.values.length} rows, not ${count}`)
    }
  }
  const metered = flows.every(({ errorShare }) => errorShare !== undefined)
  const rows = {
    in: new Float64Array(count),
    out: new Float64Array(count),
    remainder: new Float64Array(count),
    remainderShare: new Float64Array(count),
    uncertainty: new Float64Array(count),
    quality: new Uint8Array(count),
  }
  const verdicts: BalanceVerdict[] = []
  const missing: (readonly string[])[] = []
  const missingBuckets = new Map<string, number>()
  const sums = { in: 0, out: 0, remainder: 0, amounts: new Float64Array(flows.length) }
  let completeBuckets = 0
  for (let k = 0; k < count; k += 1) {
    const absent = flows.filter((flow) => !flow.isKnown(k)).map(({ ref }) => ref)
    missing.push(absent.length === 0 ? nothingMissing : absent)
    for (const ref of absent) missingBuckets.set(ref, (missingBuckets.get(ref) ?? 0) + 1)
    const row = absent.length > 0 ? unknownRow : rowOf(balance, flows, k, metered)
    rows.in[k] = row.in
    rows.out[k] = row.out
    rows.remainder[k] = row.remainder
    rows.remainderShare[k] = row.remainderShare
    rows.uncertainty[k] = row.uncertainty
    rows.quality[k] = absent.length > 0 ? quality.missing : Math.max(...flows.map((flow) => flow.qualityAt(k)))
    verdicts.push(row.verdict)
    if (absent.length > 0) continue
    completeBuckets += 1
    sums.in += row.in
    sums.out += row.out
    sums.remainder += row.remainder
    flows.forEach((flow, place) => {
      sums.amounts[place]! += Math.abs(flow.at(k))
    })
  }
  return {
    id: balance.id,
    unit: balance.unit,
    ...rows,
    verdicts,
    missing,
    missingBuckets: Object.fromEntries(missingBuckets),
    completeBuckets,
    total:
      completeBuckets === 0
        ? unknownRow
        : judged(balance, {
            in: sums.in / completeBuckets,
            out: sums.out / completeBuckets,
            remainder: sums.remainder / completeBuckets,
            uncertainty: metered
              ? Math.hypot(...flows.map(({ errorShare = 0 }, place) => errorShare * sums.amounts[place]!)) /
                completeBuckets
              : Number.NaN,
          }),
  }
}

/** One point of a balance, read in the unit of the balance. */
class FlowReader {
  readonly ref: string
  readonly column: PointColumn | undefined
  /** Limits of error by the reading. */
  readonly errorShare: number | undefined
  private readonly sign: number
  private readonly scale: number

  constructor(flow: MeteredFlow, sign: number, column: PointColumn | undefined, unit: string) {
    this.ref = flow.ref
    this.column = column
    this.errorShare = flow.accuracyClass === undefined ? undefined : flow.accuracyClass / 100
    this.sign = sign
    this.scale = conversion(flow.unit, unit).scale
  }

  isKnown(k: number): boolean {
    return this.column !== undefined && Number.isFinite(this.at(k)) && this.column.quality[k]! < quality.missing
  }

  /** Inwards above zero. */
  at(k: number): number {
    return this.column!.values[k]! * this.scale * this.sign
  }

  qualityAt(k: number): number {
    return this.column!.quality[k]!
  }
}

const unknownRow: BalanceRow = {
  in: Number.NaN,
  out: Number.NaN,
  remainder: Number.NaN,
  remainderShare: Number.NaN,
  uncertainty: Number.NaN,
  verdict: 'unknown',
}

function rowOf(balance: Balance, flows: readonly FlowReader[], k: number, metered: boolean): BalanceRow {
  let [incoming, outgoing, squares] = [0, 0, 0]
  for (const flow of flows) {
    const amount = flow.at(k)
    if (amount > 0) incoming += amount
    else outgoing -= amount
    squares += ((flow.errorShare ?? 0) * amount) ** 2
  }
  const uncertainty = metered ? Math.sqrt(squares) : Number.NaN
  return judged(balance, { in: incoming, out: outgoing, remainder: incoming - outgoing, uncertainty })
}

/** Rounding of sums is no remainder. */
const roundingShare = 1e-9

function judged(
  { toleranceShare }: Balance,
  row: Pick<BalanceRow, 'in' | 'out' | 'remainder' | 'uncertainty'>,
): BalanceRow {
  const size = Math.abs(row.remainder)
  const rounding = roundingShare * Math.max(row.in, row.out)
  const known = { ...row, remainderShare: row.in > 0 ? row.remainder / row.in : Number.NaN }
  if (size <= row.uncertainty + rounding) return { ...known, verdict: 'explained' }
  if (toleranceShare !== undefined && size <= toleranceShare * row.in + rounding)
    return { ...known, verdict: 'tolerated' }
  const stated = toleranceShare !== undefined || !Number.isNaN(row.uncertainty)
  return { ...known, verdict: stated ? 'unexplained' : 'not-judged' }
}
