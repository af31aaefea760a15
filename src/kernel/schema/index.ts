export * from './check-value.ts'
export * from './suggest.ts'
