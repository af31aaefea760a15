import type { BatteryAsset } from '../schema/index.ts'
import type { Band } from './battery-bands.ts'
import type { Formulation } from './component.ts'
import { offerReserve, type Reserved, type ReserveLimit, type ReserveTerm, sustainHours } from './reserve.ts'
import { mostOf, type Size } from './sized.ts'

interface Placed {
  /** First columns of a band. */
  readonly placed: readonly {
    readonly charge: number
    readonly discharge: number
    readonly stored: number
    readonly band: Band
  }[]
  readonly capacity: Size
  readonly chargeSize: Size
  readonly dischargeSize: Size
  /** kW of charging power that one stored kWh takes away; 0 without taper. */
  readonly slopePerH: number
  readonly baseKwh: number
}

/**
 * Reserve of a battery. By power it gives up to its discharge limit from wherever it stands, so that a charging battery
 * gives its charge too; the other way down. By energy, at both ends of the step, its stock above the minimum lasts for the
 * sustain time, and its room below the maximum takes that long; charge that is called up meets the taper it leads to. A
 * battery that begins below its minimum holds nothing up in this plan, one that begins above its maximum nothing down.
 */
export function offerBatteryReserve(formulation: Formulation<BatteryAsset, null>, battery: Placed): Reserved {
  const { asset, frame } = formulation
  const { placed, capacity, chargeSize, dischargeSize, slopePerH, baseKwh } = battery
  if (mostOf(capacity) <= 1e-6) return offerReserve(formulation, {})
  const hours = sustainHours(frame)
  const net = (sign: 1 | -1): ReserveTerm[] =>
    placed.flatMap(({ charge, discharge }) => [
      { first: charge, factor: sign },
      { first: discharge, factor: -sign },
    ])
  const ofSize = (size: Size): Pick<ReserveLimit, 'most' | 'sized'> =>
    typeof size === 'number' ? { most: size } : { most: 0, sized: { size, coefficient: 1 } }
  const stored = (bands: typeof placed, factor: number, lag: boolean): ReserveTerm[] =>
    bands.map((part) => ({ first: part.stored, factor, lag, before: part.band.initialShare * asset.capacityKwh }))
  const giving = placed.filter(({ band }) => band.mayDischarge)
  const taking = placed.filter(({ band }) => band.mayCharge)
  const roomShare = taking.reduce((sum, { band }) => sum + band.share, 0)
  // A decided size has no number for what it begins with: the end of the step rules alone.
  const ends = typeof capacity === 'number' ? [false, true] : [false]
  const stock = ends.map(
    (lag): ReserveLimit => ({ most: 0, terms: stored(giving, 1, lag), perKw: hours / asset.dischargeEfficiency }),
  )
  const room = ends.map(
    (lag): ReserveLimit => ({
      most: 0,
      sized: { size: capacity, coefficient: roomShare },
      terms: stored(taking, -1, lag),
      perKw: hours * asset.chargeEfficiency,
    }),
  )
  const taperKw = asset.maxChargeKw + slopePerH * (asset.taperSoc * asset.capacityKwh - baseKwh)
  const taper: ReserveLimit[] =
    slopePerH === 0
      ? []
      : [
          {
            most: taperKw,
            terms: [...net(-1), ...stored(placed, -slopePerH, false)],
            perKw: 1 + slopePerH * asset.chargeEfficiency * hours,
          },
        ]
  const upToKw = mostOf(chargeSize) + mostOf(dischargeSize)
  const begins = (wish: Band['wish']): boolean => placed.some(({ band }) => band.wish === wish)
  return offerReserve(formulation, {
    ...(begins('below')
      ? {}
      : { up: { upToKw, limits: [{ ...ofSize(dischargeSize), terms: net(1) }, ...(hours > 0 ? stock : [])] } }),
    ...(begins('above')
      ? {}
      : {
          down: { upToKw, limits: [{ ...ofSize(chargeSize), terms: net(-1) }, ...taper, ...(hours > 0 ? room : [])] },
        }),
  })
}
