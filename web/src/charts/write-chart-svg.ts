import { formatNumber } from '../format/numbers.ts'
import { clockTime, dayOnly } from '../format/times.ts'
import { leftExtent, rightExtent, roundTimes, roundValues } from './scales.ts'
import { historyShare, planShare } from './shares.ts'
import type { ChartSpec, Line } from './spec.ts'

export interface PictureFrame {
  readonly title: string
  /** Where it comes from and when it was saved; stands under the picture. */
  readonly source: string
  readonly zone: string
  readonly language: string
  readonly widthPx: number
  /** The colour of a token, thinned with paper where a share is given. */
  paint(token: string, share?: number): string
}

const padPx = 20
const axisPx = 52
const keyRowPx = 20

/** Text that stands in XML, whatever it holds. Characters that XML knows no way to write are left out. */
export const xml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML 1.0 forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)

/** About how wide a text is at 12 px: letters of the Far East are twice as wide. */
export const textPx = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (/[\u1100-\uffdc\u{10000}-\u{10ffff}]/u.test(letter) ? 12 : 6.8), 0)

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

/**
 * A time-series chart as an SVG of its own: title, key, axes, lines and source. Values hold until the next step, as on the screen; a
 * gap is a gap; what is planned is lighter.
 */
export function writeChartSvg(spec: ChartSpec, frame: PictureFrame): string {
  const { widthPx, paint, zone, language } = frame
  const { rows: keys, endPx: topPx } = placeKeys(spec.lines, widthPx)
  const hasRight = spec.lines.some(({ axis }) => axis === 'right')
  const box = {
    left: padPx + axisPx,
    right: widthPx - padPx - (hasRight ? axisPx : 0),
    top: topPx + 8,
    bottom: topPx + 8 + spec.heightPx,
  }
  const heightPx = box.bottom + 26 + 30
  const [fromMs = 0, toMs = 1] = [spec.timestampsMs[0], spec.timestampsMs.at(-1)]
  const x = (timestampMs: number): number =>
    box.left + ((timestampMs - fromMs) / Math.max(1, toMs - fromMs)) * (box.right - box.left)
  const scale = (extent: readonly [number, number]) => (value: number) =>
    box.bottom - ((value - extent[0]) / (extent[1] - extent[0])) * (box.bottom - box.top)
  const valuesOf = (side: 'left' | 'right'): readonly number[] =>
    spec.lines.filter(({ axis = 'left' }) => axis === side).flatMap(({ values }) => values.filter((v) => v !== null))
  const ends = (values: readonly number[]): [number | null, number | null] =>
    values.length === 0 ? [null, null] : [least(values), greatest(values)]
  const left = leftExtent(spec, ...ends(valuesOf('left')))
  const right = rightExtent(...ends(valuesOf('right')))
  const [yLeft, yRight] = [scale(left), scale(right)]
  const yOf = ({ axis }: Line) => (axis === 'right' ? yRight : yLeft)
  const areas = spec.lines.filter(({ shape }) => shape === 'area').toReversed()
  const lines = spec.lines.filter(({ shape }) => shape === 'line')
  const turn = spec.planFromMs === undefined ? box.right : Math.min(box.right, Math.max(box.left, x(spec.planFromMs)))
  const clip = (id: string, from: number, to: number): string =>
    `<clipPath id="${id}"><rect x="${round(from)}" y="${box.top}" width="${round(Math.max(0, to - from))}" height="${spec.heightPx}"/></clipPath>`
  const label = (text: string, px: number, py: number, anchor: string): string =>
    `<text x="${round(px)}" y="${round(py)}" text-anchor="${anchor}">${xml(text)}</text>`
  const fill = (line: Line, id: string, share: number): string =>
    `<path clip-path="url(#${id})" fill="${paint(line.token, share)}" d="${areaPath(line, spec, x, yOf(line))}"/>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" font-family="'Inter Variable', Inter, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif" font-size="12">`,
    `<title>${xml(frame.title)}</title>`,
    `<defs>${clip('was', box.left, turn)}${clip('planned', turn, box.right)}${clip('all', box.left, box.right)}</defs>`,
    `<rect width="${widthPx}" height="${heightPx}" fill="${paint('paper')}"/>`,
    `<text x="${padPx}" y="32" font-size="16" font-weight="600" fill="${paint('ink')}">${xml(cut(frame.title, 90))}<tspan dx="8" font-size="12" font-weight="400" fill="${paint('ink-faint')}">${xml([spec.unit, spec.rightUnit].filter(Boolean).join(' · '))}</tspan></text>`,
    ...keys.map(({ line, px, py, text }) => keyMark(line, px, py, text, paint)),
    `<g stroke="${paint('line')}">`,
    ...roundValues(left, 5).map((value) => `<path d="M${box.left} ${round(yLeft(value))}H${round(box.right)}"/>`),
    ...roundTimes(fromMs, toMs, zone, 14).map((time) => `<path d="M${round(x(time))} ${box.top}V${box.bottom}"/>`),
    '</g>',
    ...areas.flatMap((line) => [fill(line, 'was', historyShare), fill(line, 'planned', planShare)]),
    ...lines.map(
      (line) =>
        `<path clip-path="url(#all)" fill="none" stroke="${paint(line.token)}" stroke-width="${line.widthPx ?? 2}"${line.dashed ? ' stroke-dasharray="5 4"' : ''} d="${linePath(line, spec, x, yOf(line))}"/>`,
    ),
    `<g fill="${paint('ink-soft')}">`,
    ...roundValues(left, 5).map((value) => label(formatNumber(value), box.left - 8, yLeft(value) + 4, 'end')),
    ...(hasRight
      ? roundValues(right, 5).map((value) => label(formatNumber(value), box.right + 8, yRight(value) + 4, 'start'))
      : []),
    ...roundTimes(fromMs, toMs, zone, 14).map((time) => {
      const clock = clockTime(time, zone, language)
      return label(clock === '00:00' ? dayOnly(time, zone, language) : clock, x(time), box.bottom + 18, 'middle')
    }),
    '</g>',
    `<text x="${padPx}" y="${heightPx - 12}" font-size="11" fill="${paint('ink-faint')}">${xml(cut(frame.source, 140))}</text>`,
    '</svg>',
  ].join('\n')
}

/** Not by spreading: a year of minutes has more values than a call may have arguments. */
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b))
const greatest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b))
const round = (px: number): number => Math.round(px * 10) / 10

interface Key {
  readonly line: Line
  readonly text: string
  readonly px: number
  readonly py: number
}

/** The key, in as many rows as it needs. */
function placeKeys(lines: readonly Line[], widthPx: number): { readonly rows: readonly Key[]; readonly endPx: number } {
  let [px, py] = [padPx, 56]
  const rows = lines.map((line) => {
    const text = cut(line.label, 60)
    const width = 22 + textPx(text) + 18
    if (px > padPx && px + width > widthPx - padPx) [px, py] = [padPx, py + keyRowPx]
    const key = { line, text, px, py }
    px += width
    return key
  })
  return { rows, endPx: py + 8 }
}

function keyMark(line: Line, px: number, py: number, text: string, paint: PictureFrame['paint']): string {
  const mark =
    line.shape === 'area'
      ? `<rect x="${round(px)}" y="${py - 9}" width="14" height="10" rx="2" fill="${paint(line.token, historyShare)}"/>`
      : `<path d="M${round(px)} ${py - 4}h14" stroke="${paint(line.token)}" stroke-width="2"${line.dashed ? ' stroke-dasharray="4 2"' : ''}/>`
  return `${mark}<text x="${round(px + 20)}" y="${py}" fill="${paint('ink-soft')}">${xml(text)}</text>`
}

type Place = (value: number) => number

/** Runs of known values, each from the start of its first step to the end of its last. */
function* runsOf(
  line: Line,
  { timestampsMs }: ChartSpec,
): Generator<readonly { fromMs: number; toMs: number; value: number }[]> {
  let run: { fromMs: number; toMs: number; value: number }[] = []
  for (let k = 0; k + 1 < timestampsMs.length; k += 1) {
    const value = line.values[k] ?? null
    if (value === null) {
      if (run.length > 0) yield run
      run = []
    } else run.push({ fromMs: timestampsMs[k] ?? 0, toMs: timestampsMs[k + 1] ?? 0, value })
  }
  if (run.length > 0) yield run
}

const steps = (run: readonly { fromMs: number; toMs: number; value: number }[], x: Place, y: Place): string =>
  run.map(({ toMs, value }, k) => `${k === 0 ? '' : `V${round(y(value))}`}H${round(x(toMs))}`).join('')

const linePath = (line: Line, spec: ChartSpec, x: Place, y: Place): string =>
  [...runsOf(line, spec)]
    .map((run) => `M${round(x(run[0]?.fromMs ?? 0))} ${round(y(run[0]?.value ?? 0))}${steps(run, x, y)}`)
    .join('')

const areaPath = (line: Line, spec: ChartSpec, x: Place, y: Place): string =>
  [...runsOf(line, spec)]
    .map(
      (run) =>
        `M${round(x(run[0]?.fromMs ?? 0))} ${round(y(0))}V${round(y(run[0]?.value ?? 0))}${steps(run, x, y)}V${round(y(0))}Z`,
    )
    .join('')
