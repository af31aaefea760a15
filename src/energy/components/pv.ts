import { pvPowerKw } from '../pv/index.ts'
import { readWhole } from '../read-power.ts'
import { type PvAsset, PvSchema } from '../schema/index.ts'
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

export const pv = defineComponent<PvAsset & Grown, Available, null>({
  kind: 'pv',
  title: 'Photovoltaics',
  schema: PvSchema,
  needsWeather: (asset) => asset.production === undefined,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'availableKw', title: 'Available power', unit: 'kW', role: 'computed' },
    ...reservePoints,
  ],
  async prepare(asset, frame, data) {
    if (asset.production === undefined) {
      return { availableKw: powerFromSky(frame, asset, (sky) => pvPowerKw(asset, sky, frame.site.location)) }
    }
    const path = `assets.${asset.id}.production`
    const what = `The production of ${asset.title}`
    const known = await readWhole(frame, data, { source: asset.production, unit: 'kW', path, what })
    return { availableKw: grownProduction(known, asset.capacityKwp, asset) }
  },
  formulate: (formulation) => formulateAvailable(formulation, 'capacityKwp'),
  initialState: () => null,
  offeredKw: (inputs, k) => inputs.availableKw[k]!,
  simulate: (asset, state, { offeredKw, setpointKw }) => {
    const powerKw = asset.curtailable ? Math.min(offeredKw, Math.max(0, setpointKw ?? offeredKw)) : offeredKw
    return { state, busKw: powerKw, points: { powerKw, availableKw: offeredKw } }
  },
  sizes: {
    capacityKwp: {
      ...{ unit: 'kW', fields: ['capacityKwp'] },
      resize: (asset, capacityKwp) => ({ capacityKwp, ...productionSize(asset, asset.capacityKwp) }),
    },
  },
  breaches: availableBreaches,
  describe: describeAvailable,
})
