import {
  fuentesCellTemperatureC,
  physicalIncidenceModifier,
  pvwattsAc,
  pvwattsDc,
} from '../../../src/energy/pv/index.ts'
import {
  cosIncidence,
  groundReflectedWm2,
  type Plane,
  perez,
  relativeAirmass,
  type Sky,
} from '../../../src/weather/index.ts'
import { coatedIncidenceModifier } from './coating.ts'
import type { PvwattsExport } from './read-export.ts'
import { groundShare, skyShare } from './row-shading.ts'
import { type SunHours, sunOfHours } from './sun-hours.ts'
import { arrayTypes, moduleTypes, type PvwattsSystem } from './system.ts'
import { backtrackedRotationDeg, planeAtRotation, rotationLimitDeg, shadedShare, trueRotationDeg } from './tracking.ts'

const RAD = Math.PI / 180

/** Zenith angle from which PVWatts takes the sky as uniform; our `perez` does so without an air mass. */
const isotropicFromDeg = 87.5

/** The steps of the chain, one value an hour. */
export interface PvwattsChain {
  readonly poaWm2: Float64Array
  readonly cellTemperatureC: Float64Array
  readonly dcW: Float64Array
  readonly acW: Float64Array
}

/** Where the plane stands in an hour, and the share of it that the row before it shades. */
interface Stand {
  readonly plane: Plane
  readonly shaded: number
}

function standOf(system: PvwattsSystem, zenithDeg: number, azimuthDeg: number): Stand {
  const axis = { tiltDeg: system.tiltDeg, azimuthDeg: system.azimuthDeg }
  switch (system.array) {
    case 'open-rack':
    case 'roof-mount':
      return { plane: axis, shaded: 0 }
    case 'two-axis':
      return { plane: { tiltDeg: zenithDeg, azimuthDeg }, shaded: 0 }
    case 'one-axis':
    case 'one-axis-backtracking': {
      const ideal = trueRotationDeg(axis, zenithDeg, azimuthDeg)
      const backtracks = system.array === 'one-axis-backtracking'
      const wanted = backtracks ? backtrackedRotationDeg(ideal, system.groundCoverage) : ideal
      const rotation = Math.min(rotationLimitDeg, Math.max(-rotationLimitDeg, wanted))
      return {
        plane: planeAtRotation(axis, rotation),
        shaded: backtracks ? 0 : shadedShare(rotation, ideal, system.groundCoverage),
      }
    }
  }
}

/**
 * Runs the PVWatts chain on an export's own irradiance and weather: sun, plane, transposition (Perez), cover
 * reflection of the beam, cell temperature (Fuentes), DC, losses, inverter.
 * Source: Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014).
 */
export function runPvwatts(input: PvwattsExport): PvwattsChain {
  const { system } = input
  const { coefficientPerC, coated } = moduleTypes[system.module]
  const modifier = coated ? coatedIncidenceModifier : physicalIncidenceModifier
  const sun = sunOfHours(input)
  const count = input.beamWm2.length
  const poaWm2 = new Float64Array(count)
  const effectiveWm2 = new Float64Array(count)
  for (let k = 0; k < count; k += 1) {
    if (sun.up[k] === 0) continue
    const { poa, effective } = irradianceOn(input, sun, { k, modifier })
    poaWm2[k] = poa
    effectiveWm2[k] = effective
  }
  const cellTemperatureC = fuentesCellTemperatureC({
    poaWm2,
    temperatureC: input.temperatureC,
    windSpeedMPerS: input.windSpeedMPerS,
    hours: new Float64Array(count).fill(1),
    installedNoctC: arrayTypes[system.array].noctC,
  })
  const ratedDcW = system.capacityKw * 1000
  const inverterDcW = ratedDcW / system.dcAcRatio / system.inverterEfficiency
  const dcW = effectiveWm2.map((effective, k) =>
    Math.max(0, pvwattsDc(effective, cellTemperatureC[k]!, ratedDcW * (1 - system.losses), { coefficientPerC })),
  )
  return { poaWm2, cellTemperatureC, dcW, acW: dcW.map((dc) => pvwattsAc(dc, inverterDcW, system.inverterEfficiency)) }
}

function irradianceOn(
  input: PvwattsExport,
  sun: SunHours,
  { k, modifier }: { readonly k: number; readonly modifier: (cosIncidence: number) => number },
): { readonly poa: number; readonly effective: number } {
  const zenithDeg = sun.zenithDeg[k]!
  const azimuthDeg = sun.azimuthDeg[k]!
  const { plane, shaded } = standOf(input.system, zenithDeg, azimuthDeg)
  const dni = input.beamWm2[k]!
  const dhi = input.diffuseWm2[k]!
  const ghi = dni * Math.max(0, Math.cos(zenithDeg * RAD)) + dhi
  const sky: Sky = {
    ghiWm2: ghi,
    dniWm2: dni,
    dhiWm2: dhi,
    extraterrestrialWm2: sun.extraterrestrialWm2[k]!,
    apparentZenithDeg: zenithDeg,
    azimuthDeg,
    airmass: zenithDeg > isotropicFromDeg ? Number.NaN : relativeAirmass(zenithDeg),
  }
  const cosine = Math.max(0, cosIncidence(plane, zenithDeg, azimuthDeg))
  const beam = dni * cosine * (1 - shaded)
  // Only trackers that do not turn back from each other's shadow have rows that count.
  const rows = { tiltDeg: plane.tiltDeg, groundCoverage: input.system.groundCoverage }
  const alone = input.system.array !== 'one-axis'
  const ground = { beamWm2: ghi - dhi, diffuseWm2: dhi, zenithDeg }
  const poa =
    beam +
    perez(plane, sky).totalWm2 * (alone ? 1 : skyShare(rows)) +
    groundReflectedWm2(plane, ghi, input.albedo[k]!) * (alone ? 1 : groundShare(rows, ground))
  return { poa, effective: poa - beam * (1 - modifier(cosine)) }
}
