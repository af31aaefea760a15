import Type, { type Static } from 'typebox'
import { type Conversion, conversion, MangroveError, type ProblemDetails } from '../../kernel/index.ts'
import type { FieldGateway } from '../field-protocol.ts'

/** Which point of the site a name of a device or a file is. */
export const PointUseSchema = Type.Union([
  Type.String({ minLength: 1, description: '`<asset>.<point>`' }),
  Type.Object(
    {
      ref: Type.String({ minLength: 1, description: '`<asset>.<point>`' }),
      unit: Type.Optional(Type.String({ minLength: 1, description: 'Unit of what comes. Default: that of the point' })),
      factor: Type.Optional(Type.Number({ description: '−1: it counts the other way' })),
    },
    { additionalProperties: false },
  ),
])
export type PointUse = Static<typeof PointUseSchema>

/** A point, and what makes a value that came one of it. */
export interface MappedPoint extends Conversion {
  readonly ref: string
  readonly unit: string
}

/**
 * Finds the point of a use.
 *
 * @param told unit that came with the value; it stands above that of the use
 * @returns what is wrong where the site has no such point, or the units do not fit
 */
export function mapPoint(
  use: PointUse,
  unitOf: FieldGateway<unknown>['unitOf'],
  told?: string,
): MappedPoint | ProblemDetails {
  const { ref, unit: own, factor = 1 } = typeof use === 'string' ? { ref: use } : use
  const unit = unitOf(ref)
  if (unit === undefined) return { detail: 'The site has no such point', found: ref, expected: '<asset>.<point>' }
  try {
    const { scale, offset } = conversion(told ?? own ?? unit, unit)
    return { ref, unit, scale: scale * factor, offset: offset * factor }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    const { detail, found, expected } = error.problems[0]!
    return { detail, found: found ?? told ?? own, expected: expected ?? unit }
  }
}

export const isMapped = (one: MappedPoint | ProblemDetails): one is MappedPoint => 'ref' in one

/** What is wrong with the points of settings, each with its place. */
export function pointProblems(
  points: Readonly<Record<string, PointUse>>,
  unitOf: FieldGateway<unknown>['unitOf'],
  path: string,
): readonly ProblemDetails[] {
  return Object.entries(points).flatMap(([name, use]) => {
    const mapped = mapPoint(use, unitOf)
    return isMapped(mapped) ? [] : [{ ...mapped, place: { path: `${path}.${name}` } }]
  })
}
