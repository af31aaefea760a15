import { kernelErrors } from '../kernel-errors.ts'
import type { FileSource } from '../site/series-source.ts'
import { type Conversion, conversion, parseUnit, sameDimension } from '../units/index.ts'

/**
 * How the cells of a file become values in `unit`. With `per: step` a cell is the amount of one step, so that kWh a
 * step become kW.
 *
 * @param stepMs step of the file
 * @throws `kernel.bad-unit`; `kernel.unit-mismatch`, with the way out when `per: step` would mend it
 */
export function sourceConversion(
  source: Pick<FileSource, 'unit' | 'per' | 'scale'>,
  unit: string,
  stepMs: number,
): Conversion {
  const times = source.scale ?? 1
  if (source.per === 'step') {
    if (!amountOfStep(source.unit, unit)) {
      throw kernelErrors.unitMismatch({
        detail: `With \`per: step\` a cell is the amount of one step; ${source.unit} a step is no ${unit}`,
        found: source.unit,
        expected: `a unit of ${unit} times hours`,
      })
    }
    const { scale } = conversion(`${source.unit}/h`, unit)
    return { scale: (scale * times * 3_600_000) / stepMs, offset: 0 }
  }
  if (amountOfStep(source.unit, unit)) {
    throw kernelErrors.unitMismatch({
      detail: `${source.unit} is an amount, ${unit} a rate; say \`per: step\` when a cell holds the amount of one step`,
      found: source.unit,
      expected: `${unit}, or ${source.unit} with \`per: step\``,
    })
  }
  const { scale, offset } = conversion(source.unit, unit)
  return { scale: scale * times, offset: offset * times }
}

/** Whether `from` is `to` times time: kWh for kW, m3 for m3/s. */
function amountOfStep(from: string, to: string): boolean {
  const [source, target] = [parseUnit(from), parseUnit(`(${to})*s`)]
  return sameDimension(source.dimension, target.dimension)
}
