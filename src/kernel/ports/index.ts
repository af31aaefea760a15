export * from './clock.ts'
export * from './data.ts'
export * from './random.ts'
export * from './solver.ts'
