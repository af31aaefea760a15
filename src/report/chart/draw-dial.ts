import { sizeOf } from '../model/format-amount.ts'
import type { Dial } from '../model/schema.ts'
import { decimalsOfStep, niceAxis } from './scale.ts'
import { type Drawing, type Mark, type Paint, type Scene, short } from './scene.ts'

const band = 16

/** A half circle with the side that meets the limit, the other one, the limit between them and where the number stands. */
export function drawDial(dial: Dial, { width, format, measure }: Drawing): Scene {
  const { amount, limit, interval, unit, passes } = dial
  const value = sizeOf(amount)
  const edge = sizeOf(limit)
  const spread = interval ? [sizeOf(interval.low), sizeOf(interval.high)] : []
  const { low, high, step } = niceAxis([value * 1.05, edge * 2, ...spread], 5)
  const radius = Math.min(118, width / 2 - 40)
  const centreX = width / 2
  const centreY = radius + 30
  const angle = (of: number): number => Math.PI * (1 - (Math.min(high, Math.max(low, of)) - low) / (high - low))
  const at = (of: number, r: number): readonly [number, number] => [
    short(centreX + r * Math.cos(angle(of))),
    short(centreY - r * Math.sin(angle(of))),
  ]
  const ring = (from: number, to: number, inner: number, outer: number): string => {
    const [a, b, c, d] = [at(from, outer), at(to, outer), at(to, inner), at(from, inner)]
    return `M${a[0]} ${a[1]}A${outer} ${outer} 0 0 1 ${b[0]} ${b[1]}L${c[0]} ${c[1]}A${inner} ${inner} 0 0 0 ${d[0]} ${d[1]}Z`
  }
  const sides: readonly (readonly [number, number, Paint])[] =
    passes === 'below'
      ? [
          [low, edge, 'good'],
          [edge, high, 'bad'],
        ]
      : [
          [low, edge, 'bad'],
          [edge, high, 'good'],
        ]
  const decimals = decimalsOfStep(step)
  const tick = (of: number): Mark => {
    const [x, y] = at(of, radius + 12)
    const turn = Math.cos(angle(of))
    const anchor = turn < -0.3 ? 'end' : turn > 0.3 ? 'start' : 'middle'
    const text = format({ value: of.toFixed(decimals), decimals })
    return { kind: 'text', x, y: y + 3, text, size: 8, anchor, fill: 'soft' }
  }
  const [tipX, tipY] = at(value, radius - 3)
  const [leftX, leftY] = [centreX - 5 * Math.sin(angle(value)), centreY - 5 * Math.cos(angle(value))]
  const [rightX, rightY] = [centreX + 5 * Math.sin(angle(value)), centreY + 5 * Math.cos(angle(value))]
  const [fromX, fromY] = at(edge, radius - band - 5)
  const [toX, toY] = at(edge, radius + 5)
  const told = `${format(amount)} ${unit}`
  const limitText = `${dial.limitLabel} ${format(limit)} ${unit}`
  const captionPaint: Paint = dial.tone === 'good' ? 'good' : dial.tone === 'bad' ? 'bad' : 'open'
  const lines: readonly Mark[] = [
    {
      ...{
        kind: 'text',
        x: centreX,
        y: centreY + 34,
        text: told,
        size: fitted(told, 20, width, measure),
        isBold: true,
      },
      ...{ anchor: 'middle', fill: 'ink', value: amount.value },
    },
    {
      ...{ kind: 'text', x: centreX, y: centreY + 52, text: limitText, size: fitted(limitText, 10, width, measure) },
      ...{ anchor: 'middle', fill: 'soft', value: limit.value },
    },
    {
      ...{
        kind: 'text',
        x: centreX,
        y: centreY + 69,
        text: dial.caption,
        size: fitted(dial.caption, 11, width, measure),
      },
      ...{ isBold: true, anchor: 'middle', fill: captionPaint },
    },
  ]
  const spreadText = interval && `${interval.label} ${format(interval.low)} – ${format(interval.high)}`
  const marks: readonly Mark[] = [
    ...sides
      .filter(([from, to]) => Math.abs(angle(from) - angle(to)) > 0.002)
      .map(([from, to, fill]): Mark => ({ kind: 'path', d: ring(from, to, radius - band, radius), fill })),
    ...(interval
      ? [{ kind: 'path', d: ring(spread[0]!, spread[1]!, radius - band - 9, radius - band - 4), fill: 'soft' } as const]
      : []),
    { kind: 'path', d: `M${fromX} ${fromY}L${toX} ${toY}`, stroke: 'paper', strokeWidth: 5 },
    { kind: 'path', d: `M${fromX} ${fromY}L${toX} ${toY}`, stroke: 'ink', strokeWidth: 2 },
    ...Array.from({ length: Math.round((high - low) / step) + 1 }, (_, k) => tick(low + k * step)),
    {
      kind: 'path',
      d: `M${short(leftX)} ${short(leftY)}L${tipX} ${tipY}L${short(rightX)} ${short(rightY)}Z`,
      fill: 'ink',
    },
    { kind: 'path', d: circle(centreX, centreY, 7), fill: 'ink' },
    { kind: 'path', d: circle(centreX, centreY, 2.5), fill: 'paper' },
    ...lines,
    ...(spreadText === undefined
      ? []
      : [
          {
            kind: 'text',
            ...{ x: centreX, y: centreY + 85, text: spreadText, size: fitted(spreadText, 9, width, measure) },
            anchor: 'middle',
            fill: 'soft',
          } satisfies Mark,
        ]),
  ]
  return { width, height: centreY + (spreadText === undefined ? 76 : 92), marks }
}

const fitted = (text: string, size: number, width: number, measure: Drawing['measure']): number =>
  short(Math.min(size, (size * width) / Math.max(1, measure(text, size, true))))

const circle = (x: number, y: number, r: number): string =>
  `M${short(x - r)} ${short(y)}A${r} ${r} 0 1 1 ${short(x + r)} ${short(y)}A${r} ${r} 0 1 1 ${short(x - r)} ${short(y)}Z`
