export { type Certificate, certify, dualBound } from './certificate.ts'
export { createInlineSolver } from './inline-solver.ts'
export { type ColumnOptions, createModelBuilder, type ModelBuilder, type NamedModel } from './model-builder.ts'
export { createSolverPool, type SolverPoolOptions } from './pool.ts'
