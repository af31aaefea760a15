export { createEvaluator, type Evaluator, type EvaluatorOptions, type KnownCondition } from './create-evaluator.ts'
export type { Decision, DecisionKind, Rows } from './rows.ts'
export type { EvaluatorSnapshot } from './snapshot.ts'
