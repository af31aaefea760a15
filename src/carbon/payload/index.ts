export * from './finding.ts'
export * from './read-decimal.ts'
