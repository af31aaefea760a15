export type { AlarmRule, Condition, Escalation } from './alarm-rule.ts'
export { alarmsOf, type ReadRules, readRules } from './read-rules.ts'
