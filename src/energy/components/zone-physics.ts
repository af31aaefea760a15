import type { ZoneAsset } from '../schema/index.ts'

/** The fields of a zone that its heat flows depend on. */
export type ZoneNetwork = Pick<ZoneAsset, 'resistanceKPerKw' | 'capacitanceKwhPerK' | 'mass'>

/** Temperatures of a zone, °C. A zone without mass keeps `massC` equal to `airC`. */
export interface ZoneState {
  readonly airC: number
  readonly massC: number
}

/** What acts on a zone during a step, each as a mean over the step. */
export interface ZoneInputs {
  readonly outdoorC: number
  /** Gains, heating and (negative) cooling that reach the room, kW. */
  readonly airKw: number
  /** Gains that reach the mass, kW. */
  readonly massKw: number
}

/**
 * One step of a zone as a linear map, exact for inputs that are constant over the step:
 * next = keep · state + outdoor · outdoorC + air · airKw + mass · massKw, for the room and for the mass.
 */
export interface ZoneStep {
  readonly air: ZoneRow
  readonly mass: ZoneRow
}

interface ZoneRow {
  readonly fromAir: number
  readonly fromMass: number
  readonly outdoor: number
  readonly airKw: number
  readonly massKw: number
}

const inverse = (resistance: number | undefined): number => (resistance === undefined ? 0 : 1 / resistance)

/** Conductance from the room to the outdoor air by all paths, kW/K. */
export function zoneLossKwPerK({ resistanceKPerKw, mass }: ZoneNetwork): number {
  const through = mass?.outerResistanceKPerKw
  return 1 / resistanceKPerKw + (mass && through !== undefined ? 1 / (mass.resistanceKPerKw + through) : 0)
}

/** All heat that a zone holds for each kelvin, kWh/K. */
export const zoneCapacityKwhPerK = ({ capacitanceKwhPerK, mass }: ZoneNetwork): number =>
  capacitanceKwhPerK + (mass?.capacitanceKwhPerK ?? 0)

/**
 * Discretises a zone. 1R1C: one capacity behind one resistance. 2R2C: room and mass, each with its capacity. 2R1C: the room
 * without one, so that it is at once where its heat flows meet. With x′ = A·x + B·u and u constant over the step Δt,
 * x(Δt) = e^(A·Δt)·x + ∫₀^Δt e^(A·s) ds · B·u: no error grows with the step, and none is unstable (Franklin, Powell and
 * Workman, “Digital Control of Dynamic Systems”, 3rd ed., eq. 4.58).
 */
export function discretiseZone(zone: ZoneNetwork, stepHours: number): ZoneStep {
  const outer = 1 / zone.resistanceKPerKw
  const { mass } = zone
  if (!mass) {
    const rate = -outer / zone.capacitanceKwhPerK
    const keep = Math.exp(rate * stepHours)
    const row: ZoneRow = {
      fromAir: keep,
      fromMass: 0,
      outdoor: 1 - keep,
      airKw: (1 - keep) / outer,
      massKw: (1 - keep) / outer,
    }
    return { air: row, mass: row }
  }
  const inner = 1 / mass.resistanceKPerKw
  const around = inverse(mass.outerResistanceKPerKw)
  if (zone.capacitanceKwhPerK === 0) return discretiseLightZone({ outer, inner, around }, mass, stepHours)
  const [ca, cm] = [zone.capacitanceKwhPerK, mass.capacitanceKwhPerK]
  const a = [-(outer + inner) / ca, inner / ca, inner / cm, -(inner + around) / cm] as const
  const power = matrixFunction(a, (rate) => Math.exp(rate * stepHours))
  const sum = matrixFunction(a, (rate) => Math.expm1(rate * stepHours) / rate)
  const row = (top: 0 | 2): ZoneRow => ({
    fromAir: power[top]!,
    fromMass: power[top + 1]!,
    outdoor: (sum[top]! * outer) / ca + (sum[top + 1]! * around) / cm,
    airKw: sum[top]! / ca,
    massKw: sum[top + 1]! / cm,
  })
  return { air: row(0), mass: row(2) }
}

/** Each step of a row of so many hours; steps of one length are one map. */
export function discretiseSteps(zone: ZoneNetwork, hours: Float64Array): readonly ZoneStep[] {
  const known = new Map([...new Set(hours)].map((length) => [length, discretiseZone(zone, length)] as const))
  return Array.from(hours, (length) => known.get(length)!)
}

interface Conductances {
  readonly outer: number
  readonly inner: number
  readonly around: number
}

/** A room without capacity: its temperature follows from that of the mass and the heat of the step. */
function discretiseLightZone(
  { outer, inner, around }: Conductances,
  { capacitanceKwhPerK }: NonNullable<ZoneNetwork['mass']>,
  stepHours: number,
): ZoneStep {
  const meet = outer + inner
  const loss = (inner * outer) / meet + around
  const keep = Math.exp((-loss / capacitanceKwhPerK) * stepHours)
  const perKw = -Math.expm1((-loss / capacitanceKwhPerK) * stepHours) / loss
  const mass: ZoneRow = { fromAir: 0, fromMass: keep, outdoor: 1 - keep, airKw: (perKw * inner) / meet, massKw: perKw }
  const air: ZoneRow = {
    fromAir: 0,
    fromMass: (mass.fromMass * inner) / meet,
    outdoor: (outer + mass.outdoor * inner) / meet,
    airKw: (1 + mass.airKw * inner) / meet,
    massKw: (mass.massKw * inner) / meet,
  }
  return { air, mass }
}

type Matrix2 = readonly [number, number, number, number]

/**
 * A function of a 2×2 matrix with two real eigenvalues (Sylvester's formula). Those of two capacities that exchange heat are
 * real, apart and below zero.
 */
function matrixFunction(a: Matrix2, f: (rate: number) => number): Matrix2 {
  const half = (a[0] + a[3]) / 2
  const determinant = a[0] * a[3] - a[1] * a[2]
  const root = Math.hypot((a[0] - a[3]) / 2, Math.sqrt(a[1] * a[2]))
  const fast = half - root
  // The slow one by Vieta: the difference of near numbers would lose its digits.
  const slow = determinant / fast
  const [atFast, atSlow] = [f(fast), f(slow)]
  const slope = (atSlow - atFast) / (slow - fast)
  const entry = (value: number, diagonal: boolean): number =>
    slope * (value - (diagonal ? fast : 0)) + (diagonal ? atFast : 0)
  return [entry(a[0], true), entry(a[1], false), entry(a[2], false), entry(a[3], true)]
}

const nextOf = (row: ZoneRow, { airC, massC }: ZoneState, { outdoorC, airKw, massKw }: ZoneInputs): number =>
  row.fromAir * airC + row.fromMass * massC + row.outdoor * outdoorC + row.airKw * airKw + row.massKw * massKw

/** Temperatures at the end of a step. */
export const stepZone = (step: ZoneStep, state: ZoneState, inputs: ZoneInputs): ZoneState => ({
  airC: nextOf(step.air, state, inputs),
  massC: nextOf(step.mass, state, inputs),
})

/** Heat that brings the room to a temperature at the end of the step, kW; below zero where heat has to be taken out. */
export const heatToReach = (step: ZoneStep, state: ZoneState, inputs: ZoneInputs, airC: number): number =>
  (airC - nextOf(step.air, state, inputs)) / step.air.airKw
