import { carbonErrors } from '../errors.ts'
import { createExactSum, type ExactSum, parseScaled, type Scaled, timesScaled } from '../quantity/index.ts'
import { coefficientKwh } from './contributions.ts'
import type { RowGroup } from './create-account.ts'
import type { Instrument } from './schema.ts'

/** What instruments cover of groups of electricity. */
export interface Matched {
  /** kWh of a group that no instrument covers, in its unit. */
  uncovered(group: RowGroup, total: Scaled): Scaled
  /** Direct CO2 of what is covered, by what the instruments say. */
  readonly kgCo2: ExactSum
  readonly coveredKwh: ExactSum
}

/**
 * Gives electricity to instruments in their order: of the same country, and within the time they were generated in. Each kilowatt-hour
 * is given once.
 *
 * @throws `carbon.claimed-twice` for a serial that stands twice, `carbon.bad-activity` for more than was metered, another market
 * or another year
 */
export function matchInstruments(
  groups: readonly RowGroup[],
  instruments: readonly Instrument[],
  region: string | undefined,
): Matched {
  const left = new Map<RowGroup, Scaled>()
  const perKwh = new Map<RowGroup, Scaled>()
  const electricity = groups.filter(({ sample }) => sample.activity === 'electricity' && sample.factor === undefined)
  for (const group of electricity) {
    const unit = coefficientKwh(group.sample.unit)
    perKwh.set(group, unit)
    left.set(group, timesScaled(group.amount.total(), unit))
  }
  const kgCo2 = createExactSum()
  const coveredKwh = createExactSum()
  const serials = new Map<string, Instrument>()
  for (const instrument of instruments) {
    const serial = `${instrument.kind} ${instrument.id}`
    if (serials.has(serial)) {
      throw carbonErrors.claimedTwice({
        detail: `The instrument ${serial} stands twice; each kilowatt-hour is claimed once`,
        place: { path: `instruments.${instrument.id}` },
        found: serial,
        expected: 'each serial once',
      })
    }
    serials.set(serial, instrument)
    const { from, to, country } = instrument
    const fitting = electricity.filter(
      ({ sample }) => (sample.region ?? region)?.slice(0, 2) === country && sample.from < to && from < sample.to,
    )
    let open = parseScaled(String(instrument.amountKwh))
    const factor = parseScaled(instrument.kgCo2PerKwh)
    for (const group of fitting) {
      const has = left.get(group)!
      const taken = smaller(open, has)
      if (taken.digits === 0n) continue
      left.set(group, minus(has, taken))
      open = minus(open, taken)
      coveredKwh.add(taken.digits, taken.decimals)
      const mass = timesScaled(taken, factor)
      kgCo2.add(mass.digits, mass.decimals)
    }
    if (open.digits > 0n) {
      throw carbonErrors.badActivity({
        detail: `The instrument ${serial} stands for more electricity than was metered in ${country} from ${from} to ${to}`,
        place: { path: `instruments.${instrument.id}` },
        found: `${instrument.amountKwh} kWh`,
        expected:
          fitting.length === 0
            ? 'electricity of the same market and time'
            : 'no more than what other instruments leave of it',
      })
    }
  }
  return {
    kgCo2,
    coveredKwh,
    uncovered: (group, total) => {
      const rest = left.get(group)
      // kWh back into the unit of the row: what is left over what there was.
      return rest === undefined ? total : divide(rest, perKwh.get(group)!)
    },
  }
}

function align(a: Scaled, b: Scaled): readonly [bigint, bigint, number] {
  const decimals = Math.max(a.decimals, b.decimals)
  const up = (one: Scaled): bigint => one.digits * 10n ** BigInt(decimals - one.decimals)
  return [up(a), up(b), decimals]
}

function minus(a: Scaled, b: Scaled): Scaled {
  const [x, y, decimals] = align(a, b)
  return { digits: x - y, decimals }
}

function smaller(a: Scaled, b: Scaled): Scaled {
  const [x, y] = align(a, b)
  return x < y ? a : b
}

/** `a / b`, which ends, or is right to thirty decimals. */
function divide(a: Scaled, b: Scaled): Scaled {
  const decimals = 30
  const digits = (a.digits * 10n ** BigInt(decimals + b.decimals)) / (b.digits * 10n ** BigInt(a.decimals))
  return { digits, decimals }
}
