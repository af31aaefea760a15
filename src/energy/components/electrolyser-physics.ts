import type { ElectrolyserAsset } from '../schema/index.ts'
import type { Conditions, SimulatedStep } from './component.ts'
import { curvePoints, hydrogenAt } from './electrolyser-curve.ts'
import { hydrogenKwhPerKg } from './hydrogen.ts'

/** Standby pays only where a start costs something; else it is left out of the model. */
export const knowsStandby = ({ startCost, standbyShare }: ElectrolyserAsset): boolean =>
  startCost > 0 && standbyShare > 0

/** Power it ran at before, kW. */
export const initialKw = (asset: ElectrolyserAsset): number =>
  asset.initialState === 'on' ? Math.max(asset.minLoad, asset.initialLoad) * asset.ratedKw : 0

export interface ElectrolyserState {
  readonly state: 0 | 1 | 2
  readonly powerKw: number
}

/** Steps the machine: it follows the set point between its least and full load as far as its ramp lets it. */
export function simulateElectrolyser(
  asset: ElectrolyserAsset,
  before: ElectrolyserState,
  { stepHours, setpointKw = 0, setpointOn }: Conditions,
): SimulatedStep<ElectrolyserState> {
  const { ratedKw, minLoad } = asset
  const points = curvePoints(asset)
  const leastKw = minLoad * ratedKw
  const standbyKw = knowsStandby(asset) ? asset.standbyShare * ratedKw : 0
  const wantedKw = setpointOn === 'hydrogen' ? powerFor(points, setpointKw, ratedKw) : -setpointKw
  const rampKw = (asset.rampPerHour ?? Number.POSITIVE_INFINITY) * stepHours * ratedKw
  const [lowKw, highKw] =
    before.state === 2 ? [before.powerKw - rampKw, before.powerKw + rampKw] : [0, Math.max(rampKw, leastKw)]
  const state: ElectrolyserState['state'] =
    ratedKw > 0 && wantedKw > 0 && wantedKw >= (standbyKw + leastKw) / 2
      ? 2
      : standbyKw > 0 && wantedKw >= standbyKw / 2
        ? 1
        : 0
  const runsKw = Math.max(leastKw, lowKw, Math.min(ratedKw, highKw, wantedKw))
  const powerKw = state === 2 ? runsKw : state === 1 ? standbyKw : 0
  const hydrogenKw = state === 2 ? ratedKw * hydrogenAt(points, powerKw / ratedKw) : 0
  const heatKw = state === 2 ? asset.heatRecovery * (powerKw - hydrogenKw) : 0
  return {
    state: { state, powerKw: state === 2 ? powerKw : 0 },
    busKw: -powerKw,
    otherKw: { hydrogen: hydrogenKw, ...(asset.heatRecovery > 0 ? { heat: heatKw } : {}) },
    points: {
      powerKw,
      hydrogenKw,
      massKgPerH: hydrogenKw / hydrogenKwhPerKg,
      state,
      heatKw,
    },
  }
}

/** Electricity that gives so much hydrogen, kW; 0 where less than half of the least is asked for. */
function powerFor(points: ReturnType<typeof curvePoints>, hydrogenKw: number, ratedKw: number): number {
  if (ratedKw <= 0 || hydrogenKw < 0.5 * points[0]!.hydrogen * ratedKw) return 0
  const wanted = hydrogenKw / ratedKw
  const right = points.findIndex(({ hydrogen }) => hydrogen >= wanted)
  if (right === 0) return points[0]!.load * ratedKw
  if (right < 0) return ratedKw
  const [before, after] = [points[right - 1]!, points[right]!]
  const share = (wanted - before.hydrogen) / (after.hydrogen - before.hydrogen)
  return ratedKw * (before.load + share * (after.load - before.load))
}
