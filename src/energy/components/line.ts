import { type LineAsset, LineSchema } from '../schema/index.ts'
import {
  type Branch,
  branchBreaches,
  branchFlows,
  branchPoints,
  checkBranch,
  describeBranch,
  formulateBranch,
  simulateBranch,
} from './branch.ts'
import { defineComponent } from './component.ts'

export const lineBranch = ({ from, to, limitKw, lossShare, reactancePerUnit }: LineAsset): Branch => ({
  from,
  to,
  limitKw,
  lossShare,
  ...(reactancePerUnit === undefined ? {} : { reactancePerUnit }),
})

export const line = defineComponent<LineAsset, null, null>({
  kind: 'line',
  title: 'Line between two buses',
  schema: LineSchema,
  points: branchPoints,
  check: checkBranch,
  prepare: async () => null,
  formulate: (formulation) => formulateBranch(formulation, lineBranch(formulation.asset)),
  initialState: () => null,
  offeredKw: () => 0,
  flows: (asset, { points }) => branchFlows(asset, points),
  balances: { electricity: 0 },
  breaches: (published) => branchBreaches(published, lineBranch(published.asset)),
  simulate: (asset, _state, conditions) => simulateBranch(lineBranch(asset), conditions),
  describe: (explained) => describeBranch(explained, lineBranch(explained.asset)),
})
