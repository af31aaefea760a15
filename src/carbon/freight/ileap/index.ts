export { checkIleap, type IleapTotals, ileapKind } from './check.ts'
export { writeExtensions } from './write.ts'
