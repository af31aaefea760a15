import type { Pack } from '../kernel/index.ts'
import { accountEngine } from './account/index.ts'
import { checkClaimEngine } from './claims/index.ts'
import { parkPathEngine, parkVerdictEngine } from './verdict/index.ts'

/** What the carbon room offers the house. */
export const carbonPack: Pack = {
  name: 'carbon',
  title: 'Carbon',
  assets: [],
  sections: [],
  engines: [accountEngine, checkClaimEngine, parkVerdictEngine, parkPathEngine],
}
