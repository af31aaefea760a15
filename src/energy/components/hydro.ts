import { readWhole } from '../read-power.ts'
import { type HydroAsset, HydroSchema } from '../schema/index.ts'
import { type Available, availableBreaches, describeAvailable, formulateAvailable } from './available.ts'
import { defineComponent } from './component.ts'
import { reservePoints } from './reserve.ts'

const gravityMPerS2 = 9.80665
const waterKgPerM3 = 1000

/** Electrical power of a run-of-river turbine, kW: η·ρ·g·Q·H, at most its rating. */
export const hydroPowerKw = (asset: HydroAsset, flowM3PerS: number): number =>
  Math.min(asset.ratedKw, (asset.efficiency * waterKgPerM3 * gravityMPerS2 * flowM3PerS * asset.headM) / 1000)

interface HydroInputs extends Available {
  readonly flowM3PerS: Float64Array
}

export const hydro = defineComponent<HydroAsset, HydroInputs, null>({
  kind: 'hydro',
  title: 'Run-of-river hydro',
  schema: HydroSchema,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'availableKw', title: 'Available power', unit: 'kW', role: 'computed' },
    ...reservePoints,
  ],
  async prepare(asset, frame, data) {
    const path = `assets.${asset.id}.flow`
    const flow = await readWhole(frame, data, {
      source: asset.flow,
      unit: 'm3/s',
      path,
      what: `The flow of ${asset.title}`,
    })
    return { flowM3PerS: flow, availableKw: flow.map((value) => hydroPowerKw(asset, value)) }
  },
  formulate: (formulation) => formulateAvailable(formulation, 'ratedKw'),
  initialState: () => null,
  offeredKw: (inputs, k) => inputs.availableKw[k]!,
  surroundings: ({ flowM3PerS }, k) => ({ flowM3PerS: flowM3PerS[k]! }),
  simulate: (_asset, state, { offeredKw, setpointKw, surroundings }) => {
    const powerKw = Math.min(offeredKw, Math.max(0, setpointKw ?? offeredKw))
    // The river flows whatever the turbine takes of it.
    return { state, busKw: powerKw, points: { powerKw, availableKw: offeredKw, ...surroundings } }
  },
  breaches: (published) => availableBreaches(published, hydroPowerKw(published.asset, Number.MAX_VALUE)),
  describe: describeAvailable,
})
