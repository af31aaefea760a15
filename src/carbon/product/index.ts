export {
  type CheckedFootprint,
  type CheckFootprintOutput,
  checkFootprint,
  checkFootprintEngine,
} from './check-footprint.ts'
export { productFootprintEngine } from './product-footprint.ts'
export type { ProductInput, ProductOutput } from './schema.ts'
