import Type, { type TSchema } from 'typebox'
import type { PointSpec } from '../engine/pack.ts'
import { MangroveError } from '../errors.ts'
import { checkExpression, expressionErrors, isPointRef, parseExpression, refsOf } from '../expression/index.ts'
import { type Catalogued, kernelErrors } from '../kernel-errors.ts'
import { quantity } from '../site/fields.ts'
import { type FieldReader, type FieldSchema, readField, short, watchedReader } from '../site/read-fields.ts'
import type { Path } from '../site/site-document.ts'
import { inCurrency, parseUnit } from '../units/index.ts'
import type { PointDeclaration } from './declarations.ts'
import { pointErrors } from './errors.ts'
import { evaluationOrder } from './evaluation-order.ts'
import type { KnownPoints } from './known-points.ts'

const counterSchema = (unit: string): TSchema =>
  Type.Object({
    rollover: Type.Optional(
      quantity(unit, { exclusiveMinimum: 0, description: 'Value at which the counter starts at 0 again' }),
    ),
    maxPerHour: Type.Optional(
      quantity(`${unit}/h`, { exclusiveMinimum: 0, description: 'More than this is no counting but a fault' }),
    ),
  })

/** Fields of one point of the section `points`; its counter counts in `unit`. */
const pointSchema = (unit: string): TSchema =>
  Type.Object({
    title: Type.Optional(Type.String({ pattern: '\\S' })),
    unit: Type.Optional(Type.String()),
    counter: Type.Optional(counterSchema(unit)),
    expression: Type.Optional(Type.String({ pattern: '\\S' })),
    retentionDays: Type.Optional(
      quantity('d', { minimum: 1, description: 'Observations older than this are dropped' }),
    ),
    accuracyClass: Type.Optional(
      quantity('%', { exclusiveMinimum: 0, maximum: 20, description: 'Limits of error, ± percent of the reading' }),
    ),
  })

/** What {@link PointDeclaration} holds without what is filled in. */
type Written = Partial<
  Pick<PointDeclaration, 'title' | 'unit' | 'counter' | 'expression' | 'retentionDays' | 'accuracyClass'>
>

/**
 * Reads the section `points`: extra measured points, counters, computed points, and more about points that a kind has.
 * What was of an asset that changes took away goes with it, and so does what is computed from that.
 * Every problem is reported; what is returned beside a problem must not be used.
 */
export function readPoints(
  section: unknown,
  kinds: KnownPoints,
  reader: FieldReader,
): Readonly<Record<string, PointDeclaration>> {
  const declared = new Map<string, PointDeclaration>()
  for (const [ref, value] of entriesOf(section, 'points', reader)) {
    if (kinds.isGone(ref)) continue
    const point = readPoint(ref, value, kinds, reader)
    if (point) declared.set(ref, point)
    // What a kind has stays known, whatever is said of it.
    else if (!kinds.specs.has(ref)) kinds.broken.add(ref)
  }
  const needs = readNeeds(declared, reader)
  const { order, circles } = evaluationOrder(needs)
  for (const ref of order) {
    if (!needs.get(ref)?.some(kinds.isGone)) continue
    kinds.gone.add(ref)
    declared.delete(ref)
  }
  for (const [ref, { unit }] of declared) kinds.units.set(ref, unit)
  reportCircles(circles, reader)
  return Object.fromEntries(
    [...declared].map(([ref, point]) => {
      const inputs = checkedInputs(ref, point, { needed: needs.get(ref), kinds, reader })
      return [ref, inputs ? { ...point, inputs } : point]
    }),
  )
}

/** Points that each computed point names, where its expression can be read. */
function readNeeds(
  declared: ReadonlyMap<string, PointDeclaration>,
  reader: FieldReader,
): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>()
  for (const [ref, { expression }] of declared) {
    if (expression === undefined) continue
    try {
      needs.set(ref, refsOf(parseExpression(expression)))
    } catch (error) {
      reportAgain(error, ['points', ref, 'expression'], reader)
    }
  }
  return needs
}

/** Entries of a section that maps names to objects. */
export function entriesOf(section: unknown, name: string, reader: FieldReader): readonly [string, unknown][] {
  if (section === undefined) return []
  if (typeof section === 'object' && section !== null && !Array.isArray(section)) return Object.entries(section)
  reader.report(kernelErrors.badValue, [name], {
    detail: `The section "${name}" maps names to what they are`,
    found: short(section),
    expected: 'an object with fields',
  })
  return []
}

function readPoint(ref: string, value: unknown, kinds: KnownPoints, reader: FieldReader): PointDeclaration | undefined {
  const path: Path = ['points', ref]
  const { reader: own, isSound } = watchedReader(reader)
  if (!isPointRef(ref) || ref.length > 127) {
    own.report(kernelErrors.badValue, path, {
      detail: 'This is no name of a point',
      found: ref,
      expected: '<asset>.<point> or <group>.<point>: small letters, digits and hyphens, a dot, letters and digits',
    })
  }
  const ofKind = kinds.specs.get(ref)
  const unit = readUnit(value, ofKind, path, own)
  const written = readField(pointSchema(unit ?? '1') as FieldSchema, value, path, own) as Written
  if (!isSound() || unit === undefined) return undefined
  const { title = ofKind?.title ?? ref, counter, expression, retentionDays, accuracyClass } = written
  const contradiction = contradictionOf(written, ofKind)
  if (contradiction) own.report(kernelErrors.badValue, path, contradiction)
  return {
    title,
    unit,
    role: expression === undefined ? (ofKind?.role ?? 'measured') : 'computed',
    ofKind: ofKind !== undefined,
    ...(counter ? { counter } : {}),
    ...(expression === undefined ? {} : { expression }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(accuracyClass === undefined ? {} : { accuracyClass }),
  }
}

/** The unit that is written, or that of the kind's own point, which cannot be another. */
function readUnit(value: unknown, ofKind: PointSpec | undefined, path: Path, reader: FieldReader): string | undefined {
  const known = ofKind && inCurrency(ofKind.unit, reader.currency)
  // What is no object or no text the schema refuses.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return known
  const written = Object.hasOwn(value, 'unit') ? (value as { readonly unit: unknown }).unit : undefined
  if (written === undefined && !known) {
    reader.report(kernelErrors.missingField, [...path, 'unit'], {
      detail: 'A point needs its unit',
      expected: 'a unit such as kW, m3, degC, or 1 for a plain number',
    })
  }
  if (typeof written !== 'string') return known
  const unit = inCurrency(written, reader.currency)
  try {
    parseUnit(unit)
  } catch (error) {
    reportAgain(error, [...path, 'unit'], reader)
    return undefined
  }
  if (known !== undefined && unit !== known) {
    reader.report(kernelErrors.badValue, [...path, 'unit'], {
      detail: 'A point that the kind of the asset has keeps its unit',
      found: written,
      expected: known,
    })
  }
  return unit
}

function contradictionOf({ expression, counter }: Written, ofKind: PointSpec | undefined) {
  if (expression !== undefined && ofKind) {
    return {
      detail: 'The kind of the asset has this point; a computed point needs a name of its own',
      found: expression,
      expected: 'a name that no kind uses',
    }
  }
  if (expression === undefined || !counter) return undefined
  return { detail: 'A computed point is no counter', found: expression, expected: 'expression or counter, not both' }
}

/** Points that an expression names, with their units; undefined where it cannot be evaluated. */
function checkedInputs(
  ref: string,
  { expression, unit }: PointDeclaration,
  { needed, kinds, reader }: { needed: readonly string[] | undefined; kinds: KnownPoints; reader: FieldReader },
): Readonly<Record<string, string>> | undefined {
  // What is wrong with a broken point is told where it stands.
  if (expression === undefined || !needed || needed.some((other) => kinds.isBroken(other) || kinds.isGone(other))) {
    return undefined
  }
  const unitOf = (other: string): string | undefined => kinds.units.get(other)
  try {
    checkExpression(expression, { unit, unitOf, known: kinds.units.keys(), currency: reader.currency })
    return Object.fromEntries(needed.map((other) => [other, unitOf(other) ?? '']))
  } catch (error) {
    reportAgain(error, ['points', ref, 'expression'], reader)
    return undefined
  }
}

function reportCircles(circles: readonly (readonly string[])[], reader: FieldReader): void {
  for (const circle of circles) {
    const [first = ''] = circle
    reader.report(pointErrors.pointCycle, ['points', first, 'expression'], {
      detail: 'A computed point cannot need itself',
      found: [...circle, first].join(' → '),
      expected: 'expressions of points that do not come back to this one',
    })
  }
}

const catalogue = new Map<string, Catalogued>(
  Object.values({ ...kernelErrors, ...expressionErrors }).map((entry) => [entry.problem({ detail: '' }).code, entry]),
)

/** Tells problems of a text at the place where it stands. Anything that is no expected failure goes on as it is. */
export function reportAgain(error: unknown, path: Path, reader: FieldReader): void {
  if (!(error instanceof MangroveError)) throw error
  for (const { code, detail, found, expected } of error.problems) {
    reader.report(catalogue.get(code) ?? kernelErrors.badValue, path, {
      detail,
      found,
      ...(expected === undefined ? {} : { expected }),
    })
  }
}
