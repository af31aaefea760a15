import {
  computedPoints,
  computePoints,
  conversion,
  type DataPort,
  declaredPoints,
  measuredInputs,
  type Site,
  type TimeGrid,
} from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'

/** Means of a power on the steps of a grid, kW, each with its quality. */
export type PowerSource = (grid: TimeGrid) => Promise<{ readonly values: Float64Array; readonly quality: Uint8Array }>

/**
 * Where the power of a point comes from: what was observed of it, or, for a point that the site computes, its expression over the
 * means of what it is made of.
 *
 * @param path place of the row, for messages
 * @throws `carbon.bad-activity` for a computed point that is made of counters, `kernel.unit-mismatch` for one that is no power
 */
export function powerSource(data: DataPort, site: Site, meter: string, path: string): PowerSource {
  const computed = computedPoints(site)
  const own = computed.byRef.get(meter)
  if (!own) return (grid) => data.series(site, { source: { observation: meter }, grid, unit: 'kW', path })
  const declared = declaredPoints(site)
  const units = new Map(declared.flatMap(({ inputs = {} }) => Object.entries(inputs)))
  const counters = new Set(declared.filter(({ counter }) => counter).map(({ ref }) => ref))
  const inputs = measuredInputs(computed, [meter])
  const counted = inputs.find((ref) => counters.has(ref))
  if (counted !== undefined) {
    throw carbonErrors.badActivity({
      detail: `${meter} is computed from a counter`,
      found: counted,
      expected: 'a point of power, or the counter itself',
    })
  }
  const { scale, offset } = conversion(own.unit, 'kW')
  return async (grid) => {
    const columns = new Map<string, { readonly values: Float64Array; readonly quality: Uint8Array }>()
    for (const ref of inputs) {
      columns.set(
        ref,
        await data.series(site, { source: { observation: ref }, grid, unit: units.get(ref) ?? '1', path }),
      )
    }
    const { values, quality } = computePoints(computed, columns, grid.count, [meter]).get(meter)!
    return { values: values.map((value) => value * scale + offset), quality }
  }
}
