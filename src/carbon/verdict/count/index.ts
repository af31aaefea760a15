export * from './count-emissions.ts'
export * from './count-energy.ts'
export * from './term.ts'
export { placed, type UsedFactor } from './used-factor.ts'
