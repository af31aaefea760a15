export * from './parse-unit.ts'
export * from './quantity.ts'
export type { Dimension } from './unit-table.ts'
