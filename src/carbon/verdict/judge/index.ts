export * from './judge-cells.ts'
export * from './judge-guiding.ts'
export { normalShare } from './normal-share.ts'
export * from './pass-chance.ts'
