export { avoidedEngine } from './avoided.ts'
export { type MarginWeights, marginWeights } from './combined-margin.ts'
export type { AvoidedInput, AvoidedOutput } from './schema.ts'
