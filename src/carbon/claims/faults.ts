import type { Quotient } from './quotients.ts'
import type { Claim, Stated } from './stated.ts'

export const faultCodes = [
  'unit',
  'period',
  'not-itemised',
  'gas',
  'boundary',
  'measures-mixed',
  'running-total',
  'coarse',
  'mixed-bases',
  'no-period',
  'no-place',
] as const
export type FaultCode = (typeof faultCodes)[number]

/** What is wrong with how a claim is put, or missing in it. */
export interface Fault {
  readonly code: FaultCode
  readonly detail: string
  /** Numbers of the claim that it is about. */
  readonly about: readonly string[]
}

/** Slips of a unit: kg for t, kWh for MWh, 万 left out or written twice. */
const slips = [1000, 1e6, 10_000, 10] as const

const slipFrom = 1.5

/** A quotient that is off by a round factor from what it usually is: a unit was mistaken. */
export function unitFault({ id, low, high, over, under, bounds, unit }: Quotient): Fault | undefined {
  if (!bounds) return undefined
  const [least, most] = bounds.usual
  // A little beyond the usual is no slip.
  if (high >= least / slipFrom && low <= most * slipFrom) return undefined
  const middle = Math.sqrt(Math.max(low, Number.MIN_VALUE) * high)
  for (const slip of slips) {
    for (const [factor, words] of [
      [1 / slip, `${slip.toLocaleString('en')} times too large`],
      [slip, `${slip.toLocaleString('en')} times too small`],
    ] as const) {
      const mended = middle * factor
      if (mended < least || mended > most) continue
      return {
        code: 'unit',
        detail: `${id} comes to ${short(middle)} ${unit}; were “${over.text}” ${words}, or “${under.text}” the other way round, it would be ${short(mended)}: a unit or a word of scale may be wrong`,
        about: [over.text, under.text],
      }
    }
  }
  return undefined
}

/** Faults that are seen without any factor. */
export function statedFaults(claim: Claim, context: { readonly region?: string }): readonly Fault[] {
  const { stated, measures } = claim
  const emissions = stated.filter(({ role }) => role === 'emissions')
  return [
    ...notItemised(emissions, measures),
    ...runningTotals(stated),
    ...coarse(stated),
    ...(emissions.some(({ period }) => period === undefined)
      ? [fault('no-period', 'It is not said over which time the emissions are counted', emissions)]
      : []),
    ...(context.region === undefined && emissions.length > 0
      ? [
          fault(
            'no-place',
            'It is not said where: a kilowatt-hour emits ten times as much in one place as in another',
            [],
          ),
        ]
      : []),
  ]
}

const fault = (code: FaultCode, detail: string, about: readonly Stated[]): Fault => ({
  ...{ code, detail },
  about: about.map(({ text }) => text),
})

/** One number for several measures can be true of none of them. */
function notItemised(emissions: readonly Stated[], measures: readonly string[]): readonly Fault[] {
  if (emissions.length === 0 || measures.length < 2 || emissions.length >= measures.length) return []
  return [fault('not-itemised', `One figure stands for ${measures.join(', ')}: each would need its own`, emissions)]
}

/** The same thing twice, one of them since the beginning: how many years are between them. */
function runningTotals(stated: readonly Stated[]): readonly Fault[] {
  const years = stated.find(({ role }) => role === 'duration')
  return stated
    .filter(({ period }) => period === 'total')
    .flatMap((total) => {
      const yearly = stated.find(({ role, period }) => role === total.role && period === 'year')
      if (!yearly) return []
      const [low, high] = [total.low / yearly.high, total.high / yearly.low]
      const span = `${short(low)} to ${short(high)} years`
      if (years && years.high >= low && years.low <= high) return []
      if (years)
        return [
          fault('period', `“${total.text}” is ${span} of “${yearly.text}”, not the “${years.text}” that are stated`, [
            total,
            yearly,
            years,
          ]),
        ]
      return [
        fault('running-total', `“${total.text}” is ${span} of “${yearly.text}”: it counts several years`, [
          total,
          yearly,
        ]),
      ]
    })
}

/** Half of the interval over the value, from which on a number proves little. */
const coarseShare = 0.1

const coarse = (stated: readonly Stated[]): readonly Fault[] =>
  stated
    .filter(({ low, high, value, role }) => role !== 'duration' && (high - low) / 2 / value > coarseShare)
    .map((one) => fault('coarse', `“${one.text}” may be anything from ${short(one.low)} to ${short(one.high)}`, [one]))

/** Three digits. */
export const short = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 })
