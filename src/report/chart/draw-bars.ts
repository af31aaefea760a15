import { sizeOf } from '../model/format-amount.ts'
import type { Amount, Bars, Stacked } from '../model/schema.ts'
import { type Drawing, type Mark, type Paint, type Scene, seriesPaint, short } from './scene.ts'

const labelSize = 9
const barHeight = 11
const pitch = 34

interface Bar {
  readonly label: string
  readonly total: Amount
  readonly parts: readonly { readonly amount: Amount; readonly fill: Paint }[]
}

/** Bars from left to right, each below its label and its number, so that a label may be as long as it is. */
export const drawBars = ({ bars, unit }: Bars, drawing: Drawing): Scene =>
  drawRows(
    bars.map(({ label, amount, colour = 0 }) => ({
      label,
      total: amount,
      parts: [{ amount, fill: seriesPaint(colour) }],
    })),
    unit,
    drawing,
  )

/** Bars of parts, with the names of the parts below. */
export function drawStacked({ bars, series, unit }: Stacked, drawing: Drawing): Scene {
  const scene = drawRows(
    bars.map(({ label, total, parts }) => ({
      label,
      total,
      parts: parts.flatMap((amount, place) => (amount === null ? [] : [{ amount, fill: seriesPaint(place) }])),
    })),
    unit,
    drawing,
  )
  const legend = drawLegend(
    series.map((label, place) => ({ label, fill: seriesPaint(place) })),
    scene.height + 8,
    drawing,
  )
  return { width: drawing.width, height: legend.height, marks: [...scene.marks, ...legend.marks] }
}

function drawRows(bars: readonly Bar[], unit: string, { width, format, measure }: Drawing): Scene {
  const ends = bars.map(({ parts }) => {
    const sizes = parts.map(({ amount }) => sizeOf(amount))
    const sum = (sign: 1 | -1): number => sizes.filter((size) => size * sign > 0).reduce((a, b) => a + b, 0)
    return { low: sum(-1), high: sum(1) }
  })
  const low = Math.min(0, ...ends.map((end) => end.low))
  const high = Math.max(0, ...ends.map((end) => end.high))
  const scale = high > low ? width / (high - low) : 0
  const zero = -low * scale
  const marks = bars.flatMap(({ label, total, parts }, row): readonly Mark[] => {
    const top = row * pitch
    const y = top + 16
    const told = `${format(total)} ${unit}`
    let right = zero
    let left = zero
    const segments = parts.map(({ amount, fill }): Mark => {
      const length = sizeOf(amount) * scale
      const x = length < 0 ? left + length : right
      if (length < 0) left += length
      else right += length
      // A hair of paper between neighbours tells them apart without their colours.
      const gap = parts.length > 1 && Math.abs(length) > 2 ? 0.75 : 0
      return { kind: 'rect', x: short(x), y, width: short(Math.abs(length) - gap), height: barHeight, fill }
    })
    const room = width - measure(told, labelSize, true) - 12
    return [
      ...labelMarks(label, top + 10, room, measure),
      {
        ...{ kind: 'text', x: width, y: top + 10, text: told, size: labelSize, isBold: true },
        ...{ anchor: 'end', fill: 'ink', value: total.value },
      },
      { kind: 'rect', x: 0, y: y + barHeight, width, height: 0.5, fill: 'line' },
      ...segments,
      ...(low < 0
        ? [{ kind: 'rect', x: short(zero) - 0.4, y: y - 2, width: 0.8, height: barHeight + 4, fill: 'ink' } as const]
        : []),
    ]
  })
  return { width, height: Math.max(1, bars.length * pitch), marks }
}

/** A label that has no room is set smaller, never cut: it is all that tells what the bar is. */
function labelMarks(label: string, y: number, room: number, measure: Drawing['measure']): readonly Mark[] {
  const wide = measure(label, labelSize)
  const size = wide > room ? Math.max(4, (labelSize * room) / wide) : labelSize
  return [{ kind: 'text', x: 0, y, text: label, size: short(size), anchor: 'start', fill: 'soft' }]
}

/** Names of series beside a square of their colour, in as many lines as it takes. */
export function drawLegend(
  entries: readonly { readonly label: string; readonly fill: Paint }[],
  top: number,
  { width, measure }: Drawing,
): Scene {
  let x = 0
  let y = top
  const marks = entries.flatMap(({ label, fill }): readonly Mark[] => {
    const wide = 14 + measure(label, labelSize) + 18
    if (x > 0 && x + wide - 18 > width) {
      x = 0
      y += 16
    }
    const at = x
    x += wide
    return [
      { kind: 'rect', x: short(at), y: y + 1.5, width: 9, height: 9, fill },
      { kind: 'text', x: short(at + 14), y: y + 9.5, text: label, size: labelSize, anchor: 'start', fill: 'soft' },
    ]
  })
  return { width, height: y + 16, marks }
}
