export { reportErrors } from './errors.ts'
export * from './model/index.ts'
export * from './render.ts'
export * from './report-run.ts'
