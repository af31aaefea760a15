export { type Certificate, certify, dualBound } from './certificate.ts'
export { createInlineSolver } from './inline-solver.ts'
export { type InteriorPointOptions, solveInteriorPoint } from './interior-point/index.ts'
export {
  type ColumnOptions,
  createModelBuilder,
  type ModelBuilder,
  type ModelLayout,
  type NamedModel,
} from './model-builder.ts'
export { withRows } from './more-rows.ts'
export { createSolverPool, type SolverPoolOptions } from './pool.ts'
export { sameSteps, shiftStart } from './shift-start.ts'
