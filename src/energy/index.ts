export type { Component, Conditions, Formulated, Formulation, Outcome, SimulatedStep } from './components/component.ts'
export { type AnyComponent, componentOf, components } from './components/index.ts'
export { forecastEngine } from './forecast/index.ts'
export type { Frame } from './frame.ts'
export { energyPack } from './pack.ts'
export { baselineAssets, formulatePark, prepareAssets, readOutcomes } from './park-model.ts'
export { planEngine, planGrid } from './plan.ts'
export { createFrame, siteWeather } from './plan-frame.ts'
export { createPlant, type Plant, type PlantConditions } from './plant.ts'
export type {
  ForecastInput,
  ForecastOutput,
  ForecastTarget,
  PlanInput,
  PlanOutput,
  Reason,
  Relaxed,
} from './schema/index.ts'
export { solvePark } from './solve-park.ts'
export { type TariffOnGrid, tariffOnGrid } from './tariff.ts'
