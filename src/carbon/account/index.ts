export { accountEngine } from './account.ts'
export * from './contributions.ts'
export * from './create-account.ts'
export type { AccountInput, AccountOutput, Activity, Instrument } from './schema.ts'
