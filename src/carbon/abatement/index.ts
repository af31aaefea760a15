export { abatementCurveEngine } from './abatement-curve.ts'
export type { AbatementInput, AbatementOutput, Bar } from './schema.ts'
