import { type Asset, type DataPort, localParts, stepStartMs } from '../../kernel/index.ts'
import { planeOfArray } from '../../weather/index.ts'
import type { Frame } from '../frame.ts'
import { readWhole } from '../read-power.ts'
import type { ZoneAsset } from '../schema/index.ts'
import { readCop, readTemperature } from './cop.ts'
import { powerFromSky } from './sky.ts'
import { discretiseSteps, heatToReach, stepZone, type ZoneState } from './zone-physics.ts'

/** What acts on a zone, one value a step. */
export interface ZoneSeries {
  readonly outdoorC: Float64Array
  /** Gains that reach the room, kW. */
  readonly roomGainsKw: Float64Array
  /** Gains that reach the mass, kW. */
  readonly massGainsKw: Float64Array
  readonly lowC: Float64Array
  readonly highC: Float64Array
  /** Heat given per electricity drawn by its own heater; 1 where it heats from a bus of heat. */
  readonly cop: Float64Array
  /** Share of the heating that may be used; absent: all. */
  readonly heatingShare?: Float64Array
  /** The same of the cooling. */
  readonly coolingShare?: Float64Array
}

export const zoneNeedsWeather = ({ outdoor, solarGains, solarApertureM2, heatedBy, heatPump }: ZoneAsset): boolean =>
  outdoor === undefined ||
  (solarGains === undefined && (solarApertureM2 ?? 0) > 0) ||
  (heatedBy === 'heat-pump' && heatPump.source === undefined && outdoor === undefined)

export async function readZone(asset: Asset & ZoneAsset, frame: Frame, data: DataPort): Promise<ZoneSeries> {
  const path = `assets.${asset.id}`
  const { count } = frame.grid
  const outdoorC = await readTemperature(asset, asset.outdoor, {
    frame,
    data,
    path: `${path}.outdoor`,
    what: `The outdoor temperature of ${asset.title}`,
  })
  const gains = async (field: 'internalGains' | 'solarGains', what: string): Promise<Float64Array> => {
    const source = asset[field]
    if (source === undefined) return new Float64Array(count)
    return readWhole(frame, data, { source, unit: 'kW', path: `${path}.${field}`, what: `${what} of ${asset.title}` })
  }
  const internalKw = await gains('internalGains', 'The internal gains')
  const solarKw =
    asset.solarGains === undefined && (asset.solarApertureM2 ?? 0) > 0
      ? sunThroughWindows(asset, frame)
      : await gains('solarGains', 'The solar gains')
  const massShare = asset.mass?.solarShare ?? 0
  const pump = { ...asset.heatPump, ...(asset.outdoor === undefined ? {} : { source: asset.outdoor }) }
  const cop =
    asset.heatedBy === 'heat-pump'
      ? await readCop(asset, asset.heatPump.source === undefined ? pump : asset.heatPump, `${path}.heatPump.source`, {
          frame,
          data,
        })
      : new Float64Array(count).fill(1)
  return {
    outdoorC,
    roomGainsKw: internalKw.map((value, k) => value + (1 - massShare) * solarKw[k]!),
    massGainsKw: solarKw.map((value) => massShare * value),
    ...comfortBands(asset, frame),
    cop,
  }
}

/** Sun on the windows times their aperture (ISO 13790, 11.3.2), kW; glass stands upright, ground reflects a fifth. */
const sunThroughWindows = (asset: Asset & ZoneAsset, frame: Frame): Float64Array =>
  powerFromSky(frame, asset, (sky) => {
    const { globalWm2 } = planeOfArray(
      { ...sky, apparentZenithDeg: sky.sun.apparentZenithDeg, azimuthDeg: sky.sun.azimuthDeg },
      { tiltDeg: 90, azimuthDeg: asset.solarAzimuthDeg },
      { model: 'perez', albedo: 0.2 },
    )
    return globalWm2.map((irradiance) => ((asset.solarApertureM2 ?? 0) * irradiance) / 1000)
  })

const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))

/** The band at the end of each step, when its temperature is told. */
function comfortBands({ comfort }: ZoneAsset, { grid, site }: Frame): { lowC: Float64Array; highC: Float64Array } {
  const windows = comfort.setback.map(({ from, to, lowC, highC }) => ({
    from: minuteOfDay(from),
    to: minuteOfDay(to),
    lowC,
    highC,
  }))
  const bands = Array.from({ length: grid.count }, (_, k) => {
    const { hour, minute } = localParts(stepStartMs(grid, k), site.zone)
    const now = hour * 60 + minute
    return windows.find(({ from, to }) => (from < to ? now >= from && now < to : now >= from || now < to)) ?? comfort
  })
  return { lowC: Float64Array.from(bands, ({ lowC }) => lowC), highC: Float64Array.from(bands, ({ highC }) => highC) }
}

export const zoneStart = ({ initialC, mass }: ZoneAsset): ZoneState => ({
  airC: initialC,
  massC: mass?.initialC ?? initialC,
})

/** How warm the zone is in each step with a heat that is given (or taken, below zero), kW. */
export function zonePath(
  asset: ZoneAsset,
  inputs: ZoneSeries,
  hours: Float64Array,
  heatKw: (k: number, state: ZoneState) => number,
): ZoneState[] {
  const steps = discretiseSteps(asset, hours)
  let state = zoneStart(asset)
  return Array.from(inputs.outdoorC, (outdoorC, k) => {
    state = stepZone(steps[k]!, state, {
      outdoorC,
      airKw: inputs.roomGainsKw[k]! + heatKw(k, state),
      massKw: inputs.massGainsKw[k]!,
    })
    return state
  })
}

/** The same zone held by a thermostat that heats no sooner and no more than the lower limit asks for. */
export function underThermostat(asset: Asset & ZoneAsset, inputs: ZoneSeries, frame: Frame): ZoneSeries {
  const steps = discretiseSteps(asset, frame.hours)
  const heatingShare = new Float64Array(frame.grid.count)
  const coolingShare = new Float64Array(frame.grid.count)
  const coolingKw = asset.cooling?.ratedKw ?? 0
  zonePath(asset, inputs, frame.hours, (k, state) => {
    const acting = {
      outdoorC: inputs.outdoorC[k]!,
      airKw: inputs.roomGainsKw[k]!,
      massKw: inputs.massGainsKw[k]!,
    }
    const heat = Math.min(asset.heatingKw, Math.max(0, heatToReach(steps[k]!, state, acting, inputs.lowC[k]!)))
    const cool = Math.min(coolingKw, Math.max(0, -heatToReach(steps[k]!, state, acting, inputs.highC[k]!)))
    if (asset.heatingKw > 0) heatingShare[k] = heat / asset.heatingKw
    if (coolingKw > 0) coolingShare[k] = cool / coolingKw
    return heat - cool
  })
  return { ...inputs, heatingShare, coolingShare }
}
