import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import type { Asset, DataPort, Series, Site, SolverPort, StepGrid, TimeGrid } from '../kernel/index.ts'
import { createInlineSolver } from '../solve/index.ts'
import type { Outcome } from './components/component.ts'
import { componentOf } from './components/index.ts'
import type { Frame } from './frame.ts'
import {
  formulatePark,
  type ParkModel,
  type PreparedAsset,
  prepareAssets,
  readOutcomes,
  readSurplus,
} from './park-model.ts'
import { createFrame } from './plan-frame.ts'
import { LimitsSchema, type Relaxed, TariffSchema, WishesSchema } from './schema/index.ts'
import { type ParkSolution, solvePark } from './solve-park.ts'

/** A small park for tests: plain asset fields, defaults filled in by the schemas, series given as arrays of the grid. */
export interface TestPark {
  readonly assets: Readonly<Record<string, { readonly kind: string; readonly [field: string]: unknown }>>
  readonly tariff?: unknown
  readonly limits?: unknown
  readonly wishes?: unknown
  readonly grid: TimeGrid
  readonly zone?: string
}

const filled = <T>(schema: TSchema, value: unknown): T => Value.Default(schema as never, structuredClone(value)) as T

export function testSite(park: TestPark): Site {
  const assets = Object.entries(park.assets).map(([id, fields]): Asset => {
    const component = componentOf(fields.kind)
    if (!component) throw new Error(`no component ${fields.kind}`)
    return { ...filled<Record<string, unknown>>(component.schema, fields), id, kind: fields.kind, title: id }
  })
  return {
    id: 'test',
    name: 'Test park',
    location: { latitude: 31.4, longitude: 119.5, altitudeM: 10 },
    zone: park.zone ?? 'UTC',
    currency: 'CNY',
    assets,
    sections: {
      tariff: filled(TariffSchema, park.tariff ?? { import: { feePerKwh: 1 } }),
      limits: filled(LimitsSchema, park.limits ?? {}),
      wishes: filled(WishesSchema, park.wishes ?? {}),
    },
    source: { file: 'test.site.yaml', sha256: '' },
  }
}

/** Serves numbers as constants and arrays as one value a step. */
export const testData: DataPort = {
  site: async () => {
    throw new Error('not served')
  },
  text: async () => {
    throw new Error('not served')
  },
  series: async (_site, { source, grid, unit }): Promise<Series> => {
    const values = Float64Array.from({ length: grid.count }, (_, k) =>
      typeof source === 'number' ? source : ((source as readonly number[])[k] ?? Number.NaN),
    )
    return { grid, values, quality: new Uint8Array(grid.count), unit }
  },
}

export const hourly = (count: number): TimeGrid => ({ startMs: Date.UTC(2026, 6, 6), stepMs: 3_600_000, count })
export const quarterHourly = (count: number): TimeGrid => ({ startMs: Date.UTC(2026, 6, 6), stepMs: 900_000, count })

export interface SolvedPark {
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
  readonly model: ParkModel
  readonly solved: ParkSolution
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly relaxed: readonly Relaxed[]
  /** Values of a point, rounded to a thousandth. */
  readonly point: (assetId: string, point: string) => number[]
}

export interface PlanTestParkOptions {
  /** Default: a new one in this thread, which takes longer to load than a small park to solve. */
  readonly solver?: SolverPort
  readonly relativeGap?: number
  /** Other steps than those of the park, as many. */
  readonly grid?: StepGrid
}

/** Plans a test park in this process. */
export async function planTestPark(
  park: TestPark,
  { solver, relativeGap = 1e-6, grid = park.grid }: PlanTestParkOptions = {},
): Promise<SolvedPark> {
  const frame = await createFrame(testSite(park), grid, testData)
  const assets = await prepareAssets(frame, testData)
  const model = formulatePark(frame, assets)
  const solved = await solvePark(model, {
    solver: solver ?? (await createInlineSolver()),
    sessionKey: 'test',
    relativeGap,
    timeLimitMs: 30_000,
  })
  const outcomes = readOutcomes(model, solved.solution.columnValues)
  return {
    frame,
    assets,
    model,
    solved,
    outcomes,
    relaxed: [
      ...readSurplus(model, frame, solved.solution.columnValues),
      ...[...outcomes.values()].flatMap((outcome) => outcome.relaxed),
    ],
    point: (assetId, point) =>
      Array.from(outcomes.get(assetId)?.points[point] ?? [], (value) => Math.round(value * 1000) / 1000 + 0),
  }
}
