import type { ChartTable } from '../charts/chart-table.ts'
import type { DiagramOption } from '../charts/diagram.tsx'
import { formatNumber } from '../format/numbers.ts'
import { type Design, letterOf } from './designs.ts'
import { type CashRow, cumulative, groupedCash, type MoneyGroup } from './money-rows.ts'
import type { Driver, Swing } from './sensitivity.ts'

type Paint = (token: string, share?: number) => string

/** What the front is drawn against the cost of. */
export const frontAxes = ['emissions', 'renewable'] as const
export type FrontAxis = (typeof frontAxes)[number]

interface Drawn {
  readonly emissionsKgCo2e: number
  readonly renewableShare: number
}

const across: Readonly<Record<FrontAxis, (of: Drawn) => number>> = {
  emissions: ({ emissionsKgCo2e }) => emissionsKgCo2e / 1000,
  renewable: ({ renewableShare }) => renewableShare * 100,
}

interface FrontWords {
  readonly cost: string
  readonly across: string
  readonly today: string
  readonly designs: string
  design(letter: string): string
}

interface Marked {
  readonly chosen: number
  readonly beside: number | undefined
}

interface Front {
  readonly designs: readonly Design[]
  /** The site as it stands. */
  readonly today: Drawn & { readonly cost: number }
}

/**
 * The front: what a year costs against what it emits, with the site as it stands; the chosen design is filled, the one beside it
 * ringed.
 */
export function frontOption(
  { designs, today }: Front,
  axis: FrontAxis,
  { chosen, beside }: Marked,
  words: FrontWords,
): (paint: Paint) => DiagramOption {
  const nameAt = (series: string, place: number): string =>
    series === 'today' ? words.today : words.design(letterOf(designs[place]?.index ?? 0))
  return (paint) => ({
    grid: { left: 76, right: 32, top: 28, bottom: 44 },
    tooltip: {
      // Numbers and words of the console alone: nothing that a reader has typed comes into this HTML.
      formatter: ({ seriesName, dataIndex, value: [x, y] }: FrontPointer) =>
        `<b>${nameAt(seriesName, dataIndex)}</b><br>${words.cost}: ${shortMoney(y)}<br>${words.across}: ${formatNumber(x, 3)}`,
    },
    xAxis: {
      ...{ type: 'value', name: words.across, nameLocation: 'middle', nameGap: 28, scale: true },
      axisLabel: { formatter: (value: number) => formatNumber(value) },
    },
    yAxis: {
      ...{ type: 'value', name: words.cost, nameLocation: 'middle', nameGap: 56, scale: true, splitNumber: 4 },
      axisLabel: { formatter: (value: number) => shortMoney(value) },
    },
    series: [
      {
        ...{ name: 'front', type: 'line', symbol: 'circle', cursor: 'pointer' },
        lineStyle: { color: paint('line-strong'), width: 1.5 },
        label: {
          ...{ show: true, position: 'top', color: paint('ink-soft'), fontWeight: 600, distance: 7 },
          formatter: ({ dataIndex }: { readonly dataIndex: number }) => letterOf(designs[dataIndex]?.index ?? 0),
        },
        data: designs.map((design) => ({
          value: [across[axis](design), design.annualCost],
          symbolSize: design.index === chosen ? 18 : 13,
          itemStyle: {
            color: design.index === chosen ? paint('accent') : paint('surface'),
            borderColor: design.index === beside ? paint('manual') : paint('accent'),
            borderWidth: design.index === beside ? 4 : 2,
          },
        })),
      },
      {
        ...{ name: 'today', type: 'scatter', symbol: 'diamond', symbolSize: 14, cursor: 'default' },
        itemStyle: { color: paint('ink-soft') },
        label: { show: true, position: 'top', color: paint('ink-soft'), formatter: words.today },
        data: [[across[axis](today), today.cost]],
      },
    ],
  })
}

/** The points of the front by their names, with the site as it stands. */
export function frontTable({ designs, today }: Front, axis: FrontAxis, words: FrontWords): ChartTable {
  return {
    columns: [
      { title: words.designs, kind: 'text' },
      { title: words.across, kind: 'number' },
      { title: words.cost, kind: 'number' },
    ],
    rows: [
      ...designs.map((one) => [words.design(letterOf(one.index)), across[axis](one), one.annualCost]),
      [words.today, across[axis](today), today.cost],
    ],
  }
}

interface FrontPointer {
  readonly seriesName: string
  readonly dataIndex: number
  readonly value: readonly [number, number]
}

const groupTokens: Readonly<Record<MoneyGroup, string>> = {
  ...{ build: 'ink-soft', renew: 'ink-faint', upkeep: 'scope-1', energy: 'accent', carbon: 'scope-3' },
  ...{ tax: 'manual', debt: 'scope-2' },
}

/** What every year brings and takes, by what for, with the sum of all years until it as a line. */
export function cashOption(
  table: readonly CashRow[],
  nameOf: (group: MoneyGroup | 'sum') => string,
): (paint: Paint) => DiagramOption {
  return (paint) => ({
    grid: { left: 64, right: 16, top: 64, bottom: 28 },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 10, itemGap: 12, icon: 'roundRect' },
    tooltip: { trigger: 'axis', valueFormatter: (value: number) => formatNumber(value) },
    xAxis: { type: 'category', data: table.map((_, year) => String(year)), axisLine: { onZero: false } },
    yAxis: { type: 'value', splitNumber: 4, axisLabel: { formatter: (value: number) => shortMoney(value) } },
    series: [
      ...[...groupedCash(table)].map(([group, amounts]) => ({
        ...{ name: nameOf(group), type: 'bar', stack: 'year', barCategoryGap: '30%', data: amounts },
        itemStyle: { color: paint(groupTokens[group]) },
      })),
      {
        ...{ name: nameOf('sum'), type: 'line', symbol: 'none', data: cumulative(table), z: 5 },
        ...{ lineStyle: { color: paint('ink'), width: 2 }, itemStyle: { color: paint('ink') } },
      },
    ],
  })
}

/** `1.2 M`, `340 k`: money on an axis. */
export function shortMoney(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e6) return `${formatNumber(value / 1e6, 3)}\u202fM`
  return size >= 10_000 ? `${formatNumber(value / 1e3, 3)}\u202fk` : formatNumber(value, 3)
}

/** How far each driver moves the worth of a design: a bar to either side of it, the longest on top. */
export function tornadoOption(
  base: number,
  swings: readonly Swing[],
  nameOf: (what: Driver | 'low' | 'high') => string,
): (paint: Paint) => DiagramOption {
  const side = (paint: Paint, of: 'low' | 'high', token: string) => ({
    ...{ name: nameOf(of), type: 'bar', stack: 'swing', barWidth: 18, cursor: 'default' },
    itemStyle: { color: paint(token) },
    label: {
      ...{ show: true, color: paint('ink-soft'), fontSize: 11 },
      formatter: ({ dataIndex }: { readonly dataIndex: number }) => shortMoney(swings[dataIndex]?.[of] ?? 0),
    },
    data: swings.map((swing) => ({
      value: swing[of] - base,
      label: { position: swing[of] < base ? 'left' : 'right' },
    })),
  })
  return (paint) => ({
    grid: { left: 12, right: 56, top: 36, bottom: 28, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 10 },
    xAxis: {
      ...{ type: 'value', splitNumber: 3, axisLine: { show: false } },
      axisLabel: { formatter: (value: number) => shortMoney(value + base), hideOverlap: true },
    },
    yAxis: {
      ...{ type: 'category', inverse: true, data: swings.map(({ driver }) => nameOf(driver)) },
      axisLine: { show: true, onZero: true, lineStyle: { color: paint('ink-soft') } },
      axisLabel: { color: paint('ink'), margin: 56 },
    },
    series: [side(paint, 'low', 'scope-2'), side(paint, 'high', 'scope-1')],
  })
}
