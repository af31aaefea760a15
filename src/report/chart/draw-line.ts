import { sizeOf } from '../model/format-amount.ts'
import type { Line } from '../model/schema.ts'
import { drawLegend } from './draw-bars.ts'
import { decimalsOfStep, niceAxis } from './scale.ts'
import { type Drawing, type Mark, type Scene, seriesPaint, short } from './scene.ts'

const plotHeight = 130
const size = 8
/** Lines differ by their dashes too. */
const dashes: readonly (readonly [number, number] | undefined)[] = [undefined, [5, 2.5], [1.5, 2], [8, 3]]

/** Lines over places in their order; a number that is not known is a gap. */
export function drawLine({ places, series, unit }: Line, drawing: Drawing): Scene {
  const { width, measure, format } = drawing
  const sizes = series.flatMap(({ amounts }) => amounts.filter((amount) => amount !== null).map(sizeOf))
  const { low, high, step } = niceAxis(sizes, 5)
  const decimals = decimalsOfStep(step)
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, k) => low + k * step)
  const told = ticks.map((tick) => format({ value: tick.toFixed(decimals), decimals }))
  const left = Math.max(...told.map((text) => measure(text, size))) + 8
  const top = 18
  const x = (place: number): number => left + ((width - left) * (place + 0.5)) / Math.max(1, places.length)
  const y = (value: number): number => top + plotHeight * (1 - (value - low) / (high - low))
  const each = Math.max(1, Math.ceil((places.length * 46) / Math.max(1, width - left)))
  const marks: readonly Mark[] = [
    { kind: 'text', x: 0, y: 9, text: unit, size, anchor: 'start', fill: 'soft' },
    ...ticks.flatMap((tick, k): readonly Mark[] => [
      {
        ...{ kind: 'rect', x: short(left), y: short(y(tick)), width: short(width - left), height: 0.5 },
        fill: tick === 0 ? 'strong' : 'line',
      },
      {
        ...{
          kind: 'text',
          x: short(left - 6),
          y: short(y(tick) + 3),
          text: told[k]!,
          size,
          anchor: 'end',
          fill: 'soft',
        },
      },
    ]),
    ...places.flatMap((text, k): readonly Mark[] =>
      k % each === 0
        ? [{ kind: 'text', x: short(x(k)), y: top + plotHeight + 13, text, size, anchor: 'middle', fill: 'soft' }]
        : [],
    ),
    ...series.flatMap(({ amounts }, place): readonly Mark[] => {
      const known = amounts.map((amount, k) =>
        amount === null ? null : ([short(x(k)), short(y(sizeOf(amount)))] as const),
      )
      const d = known.map((at, k) => (at === null ? '' : `${known[k - 1] ? 'L' : 'M'}${at[0]} ${at[1]}`)).join('')
      const dash = dashes[place % dashes.length]
      return [
        ...(d === ''
          ? []
          : [{ kind: 'path', d, stroke: seriesPaint(place), strokeWidth: 1.6, ...(dash ? { dash } : {}) } as const]),
        ...known.flatMap((at): readonly Mark[] =>
          at === null
            ? []
            : [{ kind: 'rect', x: at[0] - 1.5, y: at[1] - 1.5, width: 3, height: 3, fill: seriesPaint(place) }],
        ),
      ]
    }),
  ]
  const legend = drawLegend(
    series.map(({ label }, place) => ({ label, fill: seriesPaint(place) })),
    top + plotHeight + 24,
    drawing,
  )
  return { width, height: legend.height, marks: [...marks, ...legend.marks] }
}
