import Type from 'typebox'
import { expressionErrors } from '../expression/index.ts'
import { kernelErrors } from '../kernel-errors.ts'
import { didYouMean } from '../schema/index.ts'
import { fraction } from '../site/fields.ts'
import { type FieldReader, type FieldSchema, readField, watchedReader } from '../site/read-fields.ts'
import type { Path } from '../site/site-document.ts'
import { dimensionWords, inCurrency, parseUnit, sameDimension } from '../units/index.ts'
import type { BalanceDeclaration, Flow } from './declarations.ts'
import type { KnownPoints } from './known-points.ts'
import { entriesOf, reportAgain } from './read-points.ts'

const refs = (description: string) => Type.Array(Type.String(), { minItems: 1, maxItems: 1000, description })

/** Fields of one balance of the section `balances`. */
const BalanceSchema = Type.Object({
  title: Type.Optional(Type.String({ pattern: '\\S' })),
  in: refs('Points of what comes in'),
  out: refs('Points of what goes out'),
  unit: Type.Optional(Type.String({ description: 'Unit of the sums; absent: that of the first point' })),
  toleranceShare: Type.Optional(fraction({ description: 'Share of what comes in that may stay unexplained' })),
})

interface Written {
  readonly title?: string
  readonly in: readonly string[]
  readonly out: readonly string[]
  readonly unit?: string
  readonly toleranceShare?: number
}

const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/

/**
 * Reads the section `balances`: points whose sums should be equal.
 * Every problem is reported; what is returned beside a problem must not be used.
 */
export function readBalances(
  section: unknown,
  known: KnownPoints,
  reader: FieldReader,
): Readonly<Record<string, BalanceDeclaration>> {
  return Object.fromEntries(
    entriesOf(section, 'balances', reader).flatMap(([id, value]) => {
      const balance = readBalance(id, value, known, reader)
      return balance ? [[id, balance]] : []
    }),
  )
}

function readBalance(
  id: string,
  value: unknown,
  known: KnownPoints,
  reader: FieldReader,
): BalanceDeclaration | undefined {
  const path: Path = ['balances', id]
  const { reader: own, isSound } = watchedReader(reader)
  if (!idPattern.test(id)) {
    own.report(kernelErrors.badValue, path, {
      detail: 'This is no id of a balance',
      found: id,
      expected: 'small letters, digits and hyphens',
    })
  }
  const written = readField(BalanceSchema as FieldSchema, value, path, own) as Written
  if (!isSound()) return undefined
  // What came or went through an asset that is no more needs no balance; what was computed from it cannot be told.
  if ([...written.in, ...written.out].some((ref) => known.gone.has(ref))) return undefined
  const flows = (side: 'in' | 'out'): readonly Flow[] =>
    written[side].flatMap((ref, place) =>
      known.isGone(ref) ? [] : (readFlow(ref, known, [...path, side, place], own) ?? []),
    )
  const [incoming, outgoing] = [flows('in'), flows('out')]
  reportTwice(written, path, own)
  if (incoming.length === 0 || outgoing.length === 0) return undefined
  const unit = unitOfSums(written.unit, [...incoming, ...outgoing], path, own)
  if (unit === undefined) return undefined
  for (const [side, list] of Object.entries({ in: incoming, out: outgoing })) {
    for (const flow of list) {
      checkFlow(flow, unit, [...path, side, written[side as 'in' | 'out'].indexOf(flow.ref)], own)
    }
  }
  const { title = id, toleranceShare } = written
  return {
    title,
    in: incoming,
    out: outgoing,
    unit,
    ...(toleranceShare === undefined ? {} : { toleranceShare }),
  }
}

function readFlow(ref: string, known: KnownPoints, path: Path, reader: FieldReader): Flow | undefined {
  const unit = known.units.get(ref)
  if (unit !== undefined) return { ref, unit }
  // What is wrong with a broken point is told where it stands.
  if (!known.isBroken(ref)) {
    reader.report(expressionErrors.unknownPoint, path, {
      detail: `There is no such point${didYouMean(ref, [...known.units.keys()])}`,
      found: ref,
      expected: '<asset>.<point> of the site',
    })
  }
  return undefined
}

function reportTwice(written: Written, path: Path, reader: FieldReader): void {
  const seen = new Set<string>()
  for (const side of ['in', 'out'] as const) {
    written[side].forEach((ref, place) => {
      if (seen.has(ref)) {
        reader.report(kernelErrors.badValue, [...path, side, place], {
          detail: 'A point stands in a balance once',
          found: ref,
          expected: 'another point',
        })
      }
      seen.add(ref)
    })
  }
}

function unitOfSums(
  written: string | undefined,
  [first]: readonly Flow[],
  path: Path,
  reader: FieldReader,
): string | undefined {
  const unit = written === undefined ? first?.unit : inCurrency(written, reader.currency)
  if (unit === undefined) return undefined
  try {
    if (parseUnit(unit).offset === 0) return unit
    reader.report(kernelErrors.badValue, written === undefined ? path : [...path, 'unit'], {
      detail: 'Temperatures do not add up to a balance',
      found: unit,
      expected: 'a unit such as kW, kWh, m3',
    })
  } catch (error) {
    reportAgain(error, [...path, 'unit'], reader)
  }
  return undefined
}

function checkFlow(flow: Flow, unit: string, path: Path, reader: FieldReader): void {
  const [own, wanted] = [parseUnit(flow.unit).dimension, parseUnit(unit).dimension]
  if (sameDimension(own, wanted)) return
  reader.report(kernelErrors.unitMismatch, path, {
    detail: `${flow.ref} in ${flow.unit} is ${dimensionWords(own)}; the balance is of ${dimensionWords(wanted)} in ${unit}`,
    found: flow.ref,
    expected: `a point of ${dimensionWords(wanted)}`,
  })
}
