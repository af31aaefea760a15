export { controlEngine } from './control.ts'
export {
  type Controller,
  type ControllerMemory,
  type ControllerSettings,
  type ControlPorts,
  createController,
  type Decision,
  type DecisionStatus,
  type Situation,
  usualSettings,
} from './controller.ts'
export { createForecaster, type ForecastMode, type Foresee, type ForeseeRequest, isUncertain } from './forecasters.ts'
export { allowedImportKw, holdPeak } from './hold-peak.ts'
export { type GrowingHorizon, type Horizon, type HorizonSegment, horizonGrid } from './horizon.ts'
export { type PeakReserve, usualReserve } from './peak-reserve.ts'
export { type FollowedPlan, type PlanNow, planAt, stepsOfPlan } from './planned-setpoints.ts'
export { type Observed, type ReplanEvents, replanReason } from './replan-reasons.ts'
export { resumeChanges, resumeSite } from './resume.ts'
export { accountFor, addCosts, createTrace, momentAt, rollOut, type Setpoints } from './roll-out.ts'
export { type RuleSettings, ruleSetpoints, selfConsumption } from './rule.ts'
export { type Correction, type SafeSetpoints, safeSetpoints, setpointBreaches } from './safe-setpoints.ts'
export { formulateScenarios, type Scenario } from './scenarios.ts'
