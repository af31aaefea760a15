export { matchHoursEngine } from './match-hours-engine.ts'
export type { MatchHoursInput, MatchHoursOutput } from './schema.ts'
