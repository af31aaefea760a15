export type {
  ExplainOutput,
  PlanOutput,
  Reason,
  Relaxed,
  SimulateOutput,
  SizeOutput,
} from '../../../src/energy/index.ts'
export type {
  GroundArea,
  PlaceCarrier,
  PlacedAsset,
  PlacedBuilding,
  PlacedCable,
  PlacedModel,
  PlaceForm,
  PlacePoint,
  PlaceSection,
} from '../../../src/kernel/index.ts'
export type {
  ChargingAnswer,
  CircuitAnswer,
  EvseAnswer,
  ForecastQualityAnswer,
  Now,
  NowValue,
  PublishedPlan,
  SessionAnswer,
  StationAnswer,
} from '../../../src/server/index.ts'

export interface SiteSummary {
  readonly id: string
  readonly name: string
  readonly location: { readonly latitude: number; readonly longitude: number; readonly altitudeM: number }
  readonly zone: string
  readonly currency: string
  readonly simulated: boolean
}

export interface SitePoint {
  readonly id: string
  readonly ref: string
  readonly title: string
  readonly unit: string
  readonly role: 'measured' | 'computed' | 'setpoint'
}

export interface SiteAsset {
  readonly id: string
  readonly kind: string
  readonly title: string
  /** What the site file says of it, in the units of the names. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly points: readonly SitePoint[]
}

export interface Site extends SiteSummary {
  /** Tariff, limits, wishes. */
  readonly sections: Readonly<Record<string, unknown>>
  readonly assets: readonly SiteAsset[]
}

export interface PointHistory {
  readonly unit: string
  readonly timestampsMs: readonly number[]
  readonly values: readonly (number | null)[]
  readonly quality: readonly string[]
}

/** A line of the list of runs. */
export interface ListedRun {
  readonly id: string
  readonly engine: string
  readonly site: string | null
  /** The moment that the run took for now. */
  readonly clockMs: number
}

export interface RunPage {
  readonly runs: readonly ListedRun[]
  /** Cursor of the next page; absent: this is the last. */
  readonly next?: string
}

/** The evidence of a run, as far as the console reads it. */
export interface Run {
  readonly id: string
  readonly input: Readonly<Record<string, unknown>>
}

export interface Problem {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
}
