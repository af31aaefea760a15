import type { Site, StepGrid } from '../kernel/index.ts'
import type { GridWeather } from '../weather/index.ts'
import type { Wishes, WishName } from './schema/index.ts'
import type { TariffOnGrid } from './tariff/index.ts'

/** What every component of a plan sees: the place, the time, the prices and the sky. */
export interface Frame {
  readonly site: Site
  readonly grid: StepGrid
  /** Hours of each step. */
  readonly hours: Float64Array
  readonly tariff: TariffOnGrid
  /** Absent when no asset needs it. */
  readonly weather?: GridWeather
  readonly wishes: Wishes
  /** Whether stores must end as they began, as in a year that is sized; else what is left at the end has its worth. */
  readonly cyclic: boolean
  /** What one missed kWh of a wish costs in the objective; above every real price, in the stated order. */
  readonly penaltyPerKwh: (wish: WishName | 'must-run') => number
  /** From this worth of a kWh on, it is not money that is spared but a wish that is met. */
  readonly scarcityPricePerKwh: number
}

/** Hours of all steps together. */
export const planHours = ({ hours }: Pick<Frame, 'hours'>): number => hours.reduce((sum, value) => sum + value, 0)

/** Parts of the objective that are real money, all in the site's currency. */
export interface CostParts {
  energy: number
  demand: number
  export: number
  fuel: number
  wear: number
  flexibility: number
  reserve: number
  storedEnergy: number
}

export const zeroCost = (): CostParts => ({
  energy: 0,
  demand: 0,
  export: 0,
  fuel: 0,
  wear: 0,
  flexibility: 0,
  reserve: 0,
  storedEnergy: 0,
})
