export { billEngine } from './bill/index.ts'
export {
  type Component,
  type Conditions,
  type Formulated,
  type Formulation,
  type Outcome,
  type SimulatedStep,
  type Surroundings,
  vehiclesThere,
} from './components/component.ts'
export { type EvState, type Present, partPrefix } from './components/ev-sharing.ts'
export { type AnyComponent, componentOf, components } from './components/index.ts'
export { controlEngine } from './control/control.ts'
export {
  type FollowedPlan,
  type PlanNow,
  planAt,
  resumeChanges,
  safeSetpoints,
  setpointBreaches,
} from './control/index.ts'
export { explainEngine, planSite, planVariant, whatIfEngine } from './explain/index.ts'
export {
  type Compared,
  createCalendar,
  forecastEngine,
  judgeLead,
  type LeadQuality,
  leastPairs,
  type MadeForecast,
  movedSteps,
} from './forecast/index.ts'
export type { Frame } from './frame.ts'
export { energyPack } from './pack.ts'
export { baselineAssets, formulatePark, prepareAssets, readOutcomes } from './park-model.ts'
export { planEngine, planGrid } from './plan.ts'
export { createFrame, siteWeather } from './plan-frame.ts'
export { createPlant, type Plant, type PlantConditions } from './plant.ts'
export { resilienceEngine } from './resilience/index.ts'
export { describeSavings, savingsEngine } from './savings/index.ts'
export type {
  BacktestInput,
  BacktestOutput,
  BillInput,
  BillOutput,
  ControlInput,
  ControlOutput,
  ExplainInput,
  ExplainOutput,
  ForecastInput,
  ForecastOutput,
  ForecastTarget,
  PlanInput,
  PlanOutput,
  Reason,
  Relaxed,
  ResilienceInput,
  ResilienceOutput,
  SavingsInput,
  SavingsOutput,
  SimulateInput,
  SimulateOutput,
  SizeInput,
  SizeOutput,
  WhatIfInput,
  WhatIfOutput,
} from './schema/index.ts'
export { sourceOf } from './schema/series-source.ts'
export { backtestEngine, describeBacktest, simulateEngine } from './simulate/index.ts'
export { sizeEngine } from './size/index.ts'
export { solvePark } from './solve-park.ts'
export { type TariffOnGrid, tariffOnGrid } from './tariff/index.ts'
