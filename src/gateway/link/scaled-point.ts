import Type, { type Static } from 'typebox'
import { conversion, MangroveError, type ProblemDetails } from '../../kernel/index.ts'
import type { FieldGateway } from '../field-protocol.ts'

/** Fields of what a device holds for a point: how its numbers are meant, and whether it takes setpoints. */
export const scaledFields = {
  unit: Type.Optional(
    Type.String({ minLength: 1, maxLength: 20, description: 'Of what comes. Default: of the point' }),
  ),
  scale: Type.Optional(Type.Number({ description: 'Value = raw · scale + offset, in `unit`. Default 1' })),
  offset: Type.Optional(Type.Number({ description: 'Default 0' })),
  write: Type.Optional(Type.Boolean({ description: 'It takes setpoints. Default false' })),
  least: Type.Optional(Type.Number({ description: 'Smallest setpoint, in `unit`, else in that of the point' })),
  most: Type.Optional(Type.Number({ description: 'Largest setpoint, in the same unit' })),
}
const ScaledSchema = Type.Object(scaledFields)
export type ScaledUse = Static<typeof ScaledSchema>

/** A point of the site, and how the numbers of a device become its values and back. */
export interface ScaledPoint {
  readonly ref: string
  /** Of the point. */
  readonly unit: string
  readonly write: boolean
  /** Bounds of setpoints in the unit of the point. */
  readonly least: number
  readonly most: number
  fromRaw(raw: number): number
  toRaw(value: number): number
}

/**
 * Finds a point and its conversion.
 *
 * @param told unit that the device tells; `use.unit` stands above it
 * @returns what is wrong where the site has no such point, or the units do not fit
 */
export function scaledPoint(
  ref: string,
  use: ScaledUse,
  unitOf: FieldGateway<unknown>['unitOf'],
  told?: string,
): ScaledPoint | ProblemDetails {
  const unit = unitOf(ref)
  if (unit === undefined) return { detail: 'The site has no such point', found: ref, expected: '<asset>.<point>' }
  const { scale: ownScale = 1, offset: ownOffset = 0, write = false } = use
  if (ownScale === 0) return { detail: 'A scale of 0 makes every value the same', found: 0, expected: 'another number' }
  try {
    const { scale, offset } = conversion(use.unit ?? told ?? unit, unit)
    // What a device tells does not move the bounds that the site file sets.
    const own = conversion(use.unit ?? unit, unit)
    const bound = (value: number | undefined, none: number): number =>
      value === undefined ? none : value * own.scale + own.offset
    return {
      ...{ ref, unit, write },
      least: bound(use.least, Number.NEGATIVE_INFINITY),
      most: bound(use.most, Number.POSITIVE_INFINITY),
      fromRaw: (raw) => (raw * ownScale + ownOffset) * scale + offset,
      toRaw: (value) => ((value - offset) / scale - ownOffset) / ownScale,
    }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    const { detail, found, expected } = error.problems[0]!
    return { detail, ...(found === undefined ? {} : { found }), ...(expected === undefined ? {} : { expected }) }
  }
}

export const isScaled = (one: ScaledPoint | ProblemDetails): one is ScaledPoint => 'ref' in one
