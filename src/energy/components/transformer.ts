import { type TransformerAsset, TransformerSchema } from '../schema/index.ts'
import {
  type Branch,
  basePowerKw,
  branchBreaches,
  branchFlows,
  branchPoints,
  checkBranch,
  describeBranch,
  formulateBranch,
  simulateBranch,
} from './branch.ts'
import { defineComponent } from './component.ts'

/** Its reactance is per unit of its own rating; the site's is on 1 MVA (as PyPSA: x / s_nom). */
export const transformerBranch = ({ from, to, ratedKw, efficiency, reactancePerUnit }: TransformerAsset): Branch => ({
  from,
  to,
  limitKw: ratedKw,
  lossShare: 1 - efficiency,
  ...(reactancePerUnit === undefined || ratedKw <= 0
    ? {}
    : { reactancePerUnit: (reactancePerUnit * basePowerKw) / ratedKw }),
})

export const transformer = defineComponent<TransformerAsset, null, null>({
  kind: 'transformer',
  title: 'Transformer between two buses',
  schema: TransformerSchema,
  points: branchPoints,
  check: checkBranch,
  prepare: async () => null,
  formulate: (formulation) => formulateBranch(formulation, transformerBranch(formulation.asset)),
  initialState: () => null,
  offeredKw: () => 0,
  flows: (asset, { points }) => branchFlows(asset, points),
  balances: { electricity: 0 },
  breaches: (published) => branchBreaches(published, transformerBranch(published.asset)),
  simulate: (asset, _state, conditions) => simulateBranch(transformerBranch(asset), conditions),
  describe: (explained) => describeBranch(explained, transformerBranch(explained.asset)),
})
