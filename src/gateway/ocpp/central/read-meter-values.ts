import { type Quality, quality } from '../../../kernel/index.ts'
import type { FieldReading } from '../../field-protocol.ts'
import { stationTime } from './station-time.ts'

/** A sample of either version: 1.6 sends text and a unit, 2.0.1 a number with unit and power of ten. */
export interface SampledValue {
  readonly value: string | number
  readonly format?: string
  readonly measurand?: string
  readonly phase?: string
  readonly location?: string
  readonly unit?: string
  readonly unitOfMeasure?: { readonly unit?: string; readonly multiplier?: number }
}

export interface MeterValue {
  readonly timestamp: string
  readonly sampledValue: readonly SampledValue[]
}

export interface MeterReadings {
  readonly readings: readonly FieldReading[]
  /** Register of imported energy, Wh, at its times. */
  readonly registerWh: readonly { readonly atMs: number; readonly wh: number }[]
  /** Values that are no numbers, or signed ones that cannot be read. */
  readonly unreadable: number
}

interface Measure {
  readonly point: string
  readonly unit: string
  readonly factors: Readonly<Record<string, number>>
  /** Summed over the phases where no value for all of them is told. */
  readonly sums?: boolean
  readonly usualUnit: string
}

const power = { W: 1e-3, kW: 1 }
const energy = { Wh: 1e-3, kWh: 1 }
/** Measurands and the points they become: `<asset>.powerKw`. Those of single phases carry it: `currentL1A`. */
const measures: Readonly<Record<string, Measure>> = {
  'Power.Active.Import': { point: 'powerKw', unit: 'kW', factors: power, sums: true, usualUnit: 'W' },
  'Power.Active.Export': { point: 'exportPowerKw', unit: 'kW', factors: power, sums: true, usualUnit: 'W' },
  'Power.Offered': { point: 'offeredPowerKw', unit: 'kW', factors: power, usualUnit: 'W' },
  'Energy.Active.Import.Register': { point: 'energyKwh', unit: 'kWh', factors: energy, sums: true, usualUnit: 'Wh' },
  'Energy.Active.Export.Register': {
    point: 'exportEnergyKwh',
    unit: 'kWh',
    factors: energy,
    sums: true,
    usualUnit: 'Wh',
  },
  'Current.Import': { point: 'currentA', unit: 'A', factors: { A: 1 }, usualUnit: 'A' },
  'Current.Offered': { point: 'offeredCurrentA', unit: 'A', factors: { A: 1 }, usualUnit: 'A' },
  Voltage: { point: 'voltageV', unit: 'V', factors: { V: 1 }, usualUnit: 'V' },
  SoC: { point: 'soc', unit: '%', factors: { Percent: 1 }, usualUnit: 'Percent' },
}
const phaseOf: Readonly<Record<string, string>> = {
  L1: 'L1',
  L2: 'L2',
  L3: 'L3',
  'L1-N': 'L1',
  'L2-N': 'L2',
  'L3-N': 'L3',
}
const unitSuffix = /(Kwh|Kw|A|V)$/

/**
 * Meter values as readings of the points of an asset. Measurands that no point stands for are left out; a value that is no
 * number, or one that a station sends as `NaN`, becomes a missing one.
 */
export function readMeterValues(
  values: readonly MeterValue[],
  asset: string | undefined,
  nowMs: number,
): MeterReadings {
  const readings: FieldReading[] = []
  const registerWh: { atMs: number; wh: number }[] = []
  let unreadable = 0
  for (const { timestamp, sampledValue } of values) {
    const time = stationTime(timestamp, nowMs)
    const sums = new Map<Measure, { total: number; phases: number }>()
    const whole = new Set<Measure>()
    for (const sample of sampledValue) {
      const name = sample.measurand ?? 'Energy.Active.Import.Register'
      const measure = measures[name]
      if (!measure) continue
      const value = numberOf(sample, measure)
      if (Number.isNaN(value)) unreadable += 1
      const phase = sample.phase === undefined ? undefined : phaseOf[sample.phase]
      if (sample.phase !== undefined && phase === undefined) continue
      if (asset !== undefined) readings.push(reading(asset, measure, phase, value, time))
      if (phase === undefined) whole.add(measure)
      else if (measure.sums) {
        const sum = sums.get(measure) ?? { total: 0, phases: 0 }
        sums.set(measure, { total: sum.total + value, phases: sum.phases + 1 })
      }
      if (phase === undefined && measure.point === 'energyKwh' && Number.isFinite(value) && sample.location !== 'EV') {
        registerWh.push({ atMs: time.atMs, wh: Math.round(value * 1e6) / 1e3 })
      }
    }
    for (const [measure, { total, phases }] of sums) {
      if (asset !== undefined && !whole.has(measure) && phases === 3)
        readings.push(reading(asset, measure, undefined, total, time))
    }
  }
  return { readings, registerWh, unreadable }
}

function numberOf(sample: SampledValue, { factors, usualUnit }: Measure): number {
  if (sample.format === 'SignedData') return Number.NaN
  const number =
    typeof sample.value === 'number' ? sample.value : sample.value.trim() === '' ? Number.NaN : Number(sample.value)
  const factor = factors[sample.unitOfMeasure?.unit ?? sample.unit ?? usualUnit]
  if (factor === undefined || !Number.isFinite(number)) return Number.NaN
  const value = number * factor * 10 ** (sample.unitOfMeasure?.multiplier ?? 0)
  return Number.isFinite(value) ? value : Number.NaN
}

/** Names of points by measure and phase; the same text each time, so that thousands of stations make no new ones with each message. */
const names = new Map<Measure, Map<string | undefined, string>>()
function nameOf(measure: Measure, phase: string | undefined): string {
  const own = names.get(measure) ?? new Map<string | undefined, string>()
  names.set(measure, own)
  let name = own.get(phase)
  if (name === undefined) {
    const { point } = measure
    name =
      phase === undefined
        ? point
        : unitSuffix.test(point)
          ? point.replace(unitSuffix, `${phase}$1`)
          : `${point}${phase}`
    own.set(phase, name)
  }
  return name
}

function reading(
  asset: string,
  measure: Measure,
  phase: string | undefined,
  value: number,
  time: { readonly atMs: number; readonly quality: Quality },
): FieldReading {
  const { unit } = measure
  return {
    ref: `${asset}.${nameOf(measure, phase)}`,
    timestampMs: time.atMs,
    value,
    quality: Number.isNaN(value) ? quality.missing : time.quality,
    unit,
  }
}
