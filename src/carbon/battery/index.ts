export { batteryCarbonEngine } from './battery.ts'
export { type BatteryFlows, type ChargeSource, type FollowedBattery, followBattery } from './follow-battery.ts'
export type { BatteryCarbonInput, BatteryCarbonOutput } from './schema.ts'
export { type PoolRule, poolRules } from './store-carbon.ts'
