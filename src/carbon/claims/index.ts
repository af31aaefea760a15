export { checkClaimEngine } from './check-claim.ts'
export { describeClaim } from './describe-claim.ts'
export type { ClaimInput, ClaimOutput } from './schema.ts'
