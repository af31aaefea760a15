import { computePoints, measuredInputs, type PointColumn, quality } from '../../kernel/index.ts'
import type { CommandRules } from '../rules/command-rules.ts'
import type { CompiledRules } from './compile-rules.ts'
import type { KnownReading, Situation } from './situation.ts'

/** Measured points that the rules look at, down to what computed points are made of. */
export function refsToRead(compiled: CompiledRules): readonly string[] {
  const { inputs, connection, setpoints } = compiled.rules
  const named = [
    ...inputs,
    ...(connection ? [connection.ref] : []),
    ...setpoints.flatMap(({ readBack, interlocks }) => [
      ...(readBack ? [readBack.ref] : []),
      ...interlocks.flatMap((interlock) => compiled.conditionOf(interlock).refs),
    ]),
  ]
  return [...new Set(measuredInputs(compiled.computed, named))].sort()
}

/** The readings of one moment. */
export interface Seen {
  /** Value of a point, measured or computed; NaN where one of what it is made of is missing, doubtful, or further from now than `staleMs`. */
  valueOf(ref: string, staleMs: number): number
  /** Why a value is not known, in words; undefined where it is. */
  unknownOf(ref: string, staleMs: number): string | undefined
}

/** A value that is not trusted: doubtful, missing, old, or from a clock that runs ahead. */
function faultOf(reading: KnownReading | undefined, nowMs: number, staleMs: number): string | undefined {
  if (!reading) return 'never came'
  if (reading.value === null || reading.quality >= quality.missing) return 'is missing'
  if (reading.quality >= quality.suspect) return 'is doubtful'
  const ageMs = nowMs - reading.atMs
  if (ageMs > staleMs) return `is ${Math.round(ageMs / 1000)} s old`
  return ageMs < -staleMs ? `is ${Math.round(-ageMs / 1000)} s ahead of the clock` : undefined
}

export function seeReadings(compiled: CompiledRules, { readings, nowMs }: Situation): Seen {
  const unknownOf = (ref: string, staleMs: number): string | undefined => {
    for (const measured of measuredInputs(compiled.computed, [ref])) {
      const fault = faultOf(readings[measured], nowMs, staleMs)
      if (fault !== undefined) return `${measured} ${fault}`
    }
    return undefined
  }
  return {
    unknownOf,
    valueOf(ref, staleMs) {
      if (unknownOf(ref, staleMs) !== undefined) return Number.NaN
      if (!compiled.computed.byRef.has(ref)) return readings[ref]?.value ?? Number.NaN
      const columns = columnsOf(compiled.rules, readings)
      return computePoints(compiled.computed, columns, 1, [ref]).get(ref)?.values[0] ?? Number.NaN
    },
  }
}

/** Readings as columns of one row. */
export function columnsOf({ units }: CommandRules, readings: Situation['readings']): ReadonlyMap<string, PointColumn> {
  return new Map(
    Object.keys(units).flatMap((ref): [string, PointColumn][] => {
      const reading = readings[ref]
      if (!reading) return []
      const { value, quality: code } = reading
      const known = value !== null && code < quality.missing
      return [
        [
          ref,
          {
            values: Float64Array.of(known ? value : Number.NaN),
            quality: Uint8Array.of(known ? code : quality.missing),
          },
        ],
      ]
    }),
  )
}
