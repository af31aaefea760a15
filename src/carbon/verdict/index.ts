export { parkVerdictEngine } from './park-verdict.ts'
export type { VerdictInput, VerdictOutput } from './schema.ts'
export { readScheme, type Scheme, type SchemeFile, shippedSchemes } from './schemes/index.ts'
