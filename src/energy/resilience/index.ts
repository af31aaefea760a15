export { createOutageWalk, type OutageBattery, type OutageSetup, type OutageWalk } from './outage-walk.ts'
export { resilienceEngine } from './resilience.ts'
export { type GeneratorKind, type UnitStates, unitStates } from './units.ts'
