import type { Asset, DataPort } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import { readComplete } from '../read-power.ts'
import type { HeatPumpFields } from '../schema/index.ts'
import { powerFromSky } from './sky.ts'

const kelvinAtZeroC = 273.15

/**
 * COP over lift of tested machines, a − b·ΔT + c·ΔT², with the lifts it was fitted on: Staffell, Brett, Brandon and Hawkes
 * 2012, “A review of domestic heat pumps”, Energy & Environmental Science 5(11), figure 3 and eq. 4 and 5.
 */
const regressions = {
  'air-source': { a: 6.81, b: 0.121, c: 0.00063, least: 15, most: 60 },
  'ground-source': { a: 8.77, b: 0.15, c: 0.000734, least: 20, most: 60 },
} as const

/** Linear between pairs of source temperature and COP, level beyond their ends. */
function fromTable(table: readonly (readonly [number, number])[], sourceC: number): number {
  const right = table.findIndex(([temperatureC]) => temperatureC >= sourceC)
  if (right < 0) return table.at(-1)![1]
  if (right === 0) return table[0]![1]
  const [lowC, low] = table[right - 1]!
  const [highC, high] = table[right]!
  return low + ((high - low) * (sourceC - lowC)) / (highC - lowC)
}

function unclippedCop({ supplyC, cop }: HeatPumpFields, sourceC: number): number {
  if (cop.model === 'table') return fromTable(cop.table ?? [[0, 1]], sourceC)
  const liftK = supplyC - sourceC
  if (cop.model === 'quality-grade') {
    return liftK > 0 ? (cop.qualityGrade * (supplyC + kelvinAtZeroC)) / liftK : Number.POSITIVE_INFINITY
  }
  const { a, b, c, least, most } = regressions[cop.model]
  const within = Math.min(most, Math.max(least, liftK))
  return a - b * within + c * within * within
}

/**
 * Coefficient of performance at a source temperature, °C: heat given per electricity drawn, between 1 and `cop.most`.
 *
 * The quality grade is the share of the Carnot limit that machines reach: COP = η·T_supply / (T_supply − T_source), in
 * kelvin (as in oemof.thermal, `compression_heatpumps_and_chillers`, eq. 2).
 */
export const copAt = (fields: HeatPumpFields, sourceC: number): number =>
  Math.min(fields.cop.most, Math.max(1, unclippedCop(fields, sourceC)))

/** Whether the weather has to say the source temperature. */
export const copNeedsWeather = ({ source }: HeatPumpFields): boolean => source === undefined

/** COP in every step of a plan; from the outdoor air where no source temperature is stated. */
export async function readCop(
  asset: Asset,
  fields: HeatPumpFields,
  path: string,
  { frame, data }: { readonly frame: Frame; readonly data: DataPort },
): Promise<Float64Array> {
  const sourceC = await readTemperature(asset, fields.source, {
    frame,
    data,
    path,
    what: `The source temperature of ${asset.title}`,
  })
  return sourceC.map((value) => copAt(fields, value))
}

/** A stated temperature, or that of the outdoor air; °C, complete. */
export async function readTemperature(
  asset: Asset,
  source: HeatPumpFields['source'],
  place: { readonly frame: Frame; readonly data: DataPort; readonly path: string; readonly what: string },
): Promise<Float64Array> {
  const { frame, data, path, what } = place
  if (source === undefined) return powerFromSky(frame, asset, ({ temperatureC }) => temperatureC)
  return readComplete(frame, data, { source, unit: 'degC', path, what })
}

/** What the schema of a heat pump cannot say. */
export function checkCop({ cop }: HeatPumpFields, path = 'cop') {
  const table = cop.table ?? []
  if (cop.model === 'table' && cop.table === undefined) {
    return [
      {
        detail: 'The COP comes from a table, and there is none',
        place: { path: `${path}.table` },
        expected: 'pairs of source temperature (°C) and COP',
      },
    ]
  }
  const wrong = table.findIndex(([temperatureC], index) => index > 0 && !(temperatureC > table[index - 1]![0]))
  if (wrong < 0) return []
  return [
    {
      detail: 'The source temperatures of the COP table do not ascend',
      place: { path: `${path}.table.${wrong}` },
      found: table[wrong]![0],
      expected: `more than ${table[wrong - 1]![0]}`,
    },
  ]
}
