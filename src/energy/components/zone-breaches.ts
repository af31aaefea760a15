import type { ZoneAsset } from '../schema/index.ts'
import type { Published } from './component.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import type { ZoneSeries } from './zone-inputs.ts'
import { unfeltK } from './zone-words.ts'

/** K: dust of temperatures of tens. */
const dustK = 2e-3
/** A room without capacity is checked as one with next to none. */
const leastCapacityKwhPerK = 1e-7

type Rows = readonly (readonly number[])[]

const times = (a: Rows, b: Rows): number[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, i) => sum + value * b[i]![j]!, 0)))

/** e^A by a Taylor series of a small part of A, squared again and again. */
function exponential(a: Rows): Rows {
  const norm = Math.max(...a.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)))
  const halvings = Math.max(0, Math.ceil(Math.log2(norm)) + 4)
  const small = a.map((row) => row.map((value) => value / 2 ** halvings))
  let sum: Rows = a.map((row, i) => row.map((_, j) => Number(i === j)))
  let power = sum
  for (let n = 1; n <= 10; n += 1) {
    power = times(power, small).map((row) => row.map((value) => value / n))
    sum = sum.map((row, i) => row.map((value, j) => value + power[i]![j]!))
  }
  for (let n = 0; n < halvings; n += 1) sum = times(sum, sum)
  return sum
}

/** Room, mass, outdoor temperature, heat to the room and to the mass: the first two move, the rest hold through the step. */
function network({ resistanceKPerKw, capacitanceKwhPerK, mass }: ZoneAsset, hours: number): Rows {
  const c = Math.max(leastCapacityKwhPerK, capacitanceKwhPerK)
  const toMass = mass ? 1 / mass.resistanceKPerKw : 0
  const around = mass?.outerResistanceKPerKw === undefined ? 0 : 1 / mass.outerResistanceKPerKw
  const cm = mass?.capacitanceKwhPerK ?? 1
  const room = [-(1 / resistanceKPerKw + toMass) / c, toMass / c, 1 / resistanceKPerKw / c, 1 / c, 0]
  const wall = [toMass / cm, -(toMass + around) / cm, around / cm, 0, 1 / cm]
  const held = [0, 0, 0, 0, 0]
  return [room, wall, held, held, held].map((row) => row.map((value) => value * hours))
}

/** What a zone published that its walls would not have it be. */
export function zoneBreaches({ asset, inputs, frame, outcome, values }: Published<ZoneAsset, ZoneSeries>): string[] {
  const { hours } = frame
  const airC = values('airC')
  const massC = values('massC')
  const heatKw = values(asset.heatedBy === 'heat-bus' ? 'heatKw' : 'ownHeatKw')
  const coolKw = values('coolKw')
  const moves = new Map([...new Set(hours)].map((length) => [length, exponential(network(asset, length))] as const))
  const expected = (which: 0 | 1, k: number): number => {
    const row = moves.get(hours[k]!)![which]!
    const before = k === 0 ? asset.initialC : airC[k - 1]!
    const massBefore = k === 0 ? (asset.mass?.initialC ?? asset.initialC) : massC[k - 1]!
    return (
      row[0]! * before +
      (asset.mass ? row[1]! * massBefore + row[4]! * inputs.massGainsKw[k]! : 0) +
      row[2]! * inputs.outdoorC[k]! +
      row[3]! * (inputs.roomGainsKw[k]! + heatKw[k]! - (coolKw[k] ?? 0) + (asset.mass ? 0 : inputs.massGainsKw[k]!))
    )
  }
  const cooling = asset.cooling
  const dustKw = tolerance * Math.max(1, 1e-3 * asset.heatingKw)
  const named = (code: string): boolean => outcome.relaxed.some(({ reasonCode }) => reasonCode === code)
  return [
    ...brokenSteps('passes its heating', heatKw, outside(0, asset.heatingKw)),
    ...brokenSteps('passes its cooling', coolKw, outside(0, cooling?.ratedKw ?? 0)),
    ...brokenSteps('is as warm as no heat made it', airC, (value, k) => !(Math.abs(value - expected(0, k)) <= dustK)),
    ...brokenSteps(
      'has walls as warm as no heat made them',
      massC,
      (value, k) => !(Math.abs(value - expected(1, k)) <= dustK),
    ),
    ...brokenSteps('draws what it does not need', values('powerKw'), (power, k) => {
      const heating = asset.heatedBy === 'heat-bus' ? 0 : heatKw[k]! / inputs.cop[k]!
      return !(Math.abs(power - heating - (coolKw[k] ?? 0) / (cooling?.eer ?? 1)) <= dustKw)
    }),
    ...(named('zone.too-cold')
      ? []
      : brokenSteps('is colder than it says', airC, (value, k) => !(value >= inputs.lowC[k]! - unfeltK - dustK))),
    ...(named('zone.too-warm')
      ? []
      : brokenSteps('is warmer than it says', airC, (value, k) => !(value <= inputs.highC[k]! + unfeltK + dustK))),
  ]
}
