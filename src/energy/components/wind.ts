import { readWhole } from '../read-power.ts'
import { type WindAsset, WindSchema } from '../schema/index.ts'
import { windPowerKw } from '../wind/index.ts'
import {
  type Available,
  availableBreaches,
  describeAvailable,
  formulateAvailable,
  type Grown,
  grownProduction,
  productionSize,
} from './available.ts'
import { defineComponent } from './component.ts'
import { reservePoints } from './reserve.ts'
import { powerFromSky } from './sky.ts'

export const wind = defineComponent<WindAsset & Grown, Available, null>({
  kind: 'wind',
  title: 'Wind turbine',
  schema: WindSchema,
  needsWeather: (asset) => asset.production === undefined,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'availableKw', title: 'Available power', unit: 'kW', role: 'computed' },
    ...reservePoints,
  ],
  async prepare(asset, frame, data) {
    if (asset.production === undefined) {
      return { availableKw: powerFromSky(frame, asset, (sky) => windPowerKw(asset, sky)) }
    }
    const path = `assets.${asset.id}.production`
    const what = `The production of ${asset.title}`
    const known = await readWhole(frame, data, { source: asset.production, unit: 'kW', path, what })
    return { availableKw: grownProduction(known, asset.ratedKw, asset) }
  },
  formulate: (formulation) => formulateAvailable(formulation, 'ratedKw'),
  initialState: () => null,
  offeredKw: (inputs, k) => inputs.availableKw[k]!,
  simulate: (asset, state, { offeredKw, setpointKw }) => {
    const powerKw = asset.curtailable ? Math.min(offeredKw, Math.max(0, setpointKw ?? offeredKw)) : offeredKw
    return { state, busKw: powerKw, points: { powerKw, availableKw: offeredKw } }
  },
  sizes: {
    ratedKw: {
      ...{ unit: 'kW', fields: ['ratedKw'] },
      resize: (asset, ratedKw) => ({ ratedKw, ...productionSize(asset, asset.ratedKw) }),
    },
  },
  breaches: availableBreaches,
  describe: describeAvailable,
})
