export { type Dimension } from './unit-table.ts'
export * from './parse-unit.ts'
export * from './quantity.ts'
