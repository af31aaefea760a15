export { type InteriorPointOptions, solveInteriorPoint } from './interior-point.ts'
