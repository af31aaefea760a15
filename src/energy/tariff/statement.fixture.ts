import { parseInstant, type TimeGrid } from '../../kernel/index.ts'
import { testData, testSite } from '../park.fixture.ts'
import { type Statement, statements } from './statement.ts'
import { type TariffOnGrid, tariffOnGrid } from './tariff-on-grid.ts'

type Values = number | readonly number[] | ((step: number) => number)

export interface Metered {
  readonly tariff: unknown
  readonly grid: TimeGrid
  readonly zone?: string
  readonly importKw: Values
  readonly exportKw?: Values
  readonly reactiveKvar?: Values
}

const minuteMs = 60_000

/** A grid from a local moment until another, exclusive. */
export function gridBetween(from: string, to: string, stepMinutes: number, zone = 'UTC'): TimeGrid {
  const startMs = parseInstant(from, zone)
  const stepMs = stepMinutes * minuteMs
  return { startMs, stepMs, count: Math.round((parseInstant(to, zone) - startMs) / stepMs) }
}

export const valuesOf = (values: Values, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) =>
    typeof values === 'number' ? values : typeof values === 'function' ? values(k) : values[k]!,
  )

/** A tariff on a grid, of a site with a grid connection only. */
export const evaluated = (
  { tariff, grid, zone = 'UTC' }: Pick<Metered, 'tariff' | 'grid' | 'zone'>,
  soFar = false,
): Promise<TariffOnGrid> => {
  const assets = { grid: { kind: 'grid', importLimitKw: 1e6, exportLimitKw: 1e6 } }
  return tariffOnGrid(testSite({ assets, tariff, grid, zone }), grid, testData, { soFar })
}

/** The bills of a made-up meter. */
export async function billsOf(metered: Metered): Promise<readonly Statement[]> {
  const { grid, importKw, exportKw = 0, reactiveKvar } = metered
  const meter = {
    grid,
    importKw: valuesOf(importKw, grid.count),
    exportKw: valuesOf(exportKw, grid.count),
    ...(reactiveKvar === undefined ? {} : { reactiveKvar: valuesOf(reactiveKvar, grid.count) }),
  }
  return statements(await evaluated(metered), meter, { currency: 'CNY' })
}

export const totalOf = (bills: readonly Statement[], kind?: keyof Statement['byKind']): number =>
  bills.reduce((sum, bill) => sum + (kind === undefined ? bill.total : bill.byKind[kind]), 0)
