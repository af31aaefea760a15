import { canonicalJson, sha256Hex } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { type Factor, type FactorBook, type FactorPedigree, factorQuantity, pedigreeOf } from '../factors/index.ts'
import { add, convert, parseDecimal, type Quantity, quantity, scale } from '../quantity/index.ts'
import { marginWeights } from './combined-margin.ts'
import type { CombinedFactor, FactorReference, StatedFactor } from './schema.ts'

/** Of electricity: of all that runs, of what changes, or neither of them. */
export type GridKind = 'average' | 'marginal' | 'neither'

/** A factor as it is multiplied with, and what is said of it. */
export interface UsedFactor {
  /** Its id, or `input/…` for one that was stated. */
  readonly id: string
  readonly quantity: Quantity
  readonly pedigree: FactorPedigree
  readonly relative?: number
  /** Which kind of factor of electricity it is, in its own word and in that of this room. */
  readonly variant: string
  readonly gridKind: GridKind
}

export interface FactorContext {
  readonly book: FactorBook
  readonly period: { readonly from: string; readonly to: string }
}

/**
 * A factor of the books, a stated one, or a combined margin of two.
 *
 * @param subject what it is a factor of, where it does not say itself
 * @throws `carbon.unknown-factor`, `carbon.bad-project`, `carbon.kind-mismatch`, `carbon.basis-mismatch`
 */
export function usedFactor(
  reference: FactorReference,
  subject: string,
  path: string,
  context: FactorContext,
): UsedFactor {
  if (typeof reference === 'string') return ofBook(context.book.get(reference), path)
  return 'operatingMargin' in reference
    ? combined(reference, subject, path, context)
    : stated(reference, subject, path, context)
}

function ofBook(factor: Factor, path: string): UsedFactor {
  if (factor.kind !== 'emission') {
    throw carbonErrors.badProject({
      detail: `${factor.id} is no factor of emissions`,
      ...{ place: { path }, found: factor.kind, expected: 'an emission factor' },
    })
  }
  const { id, variant = 'no variant', relative } = factor
  return {
    ...{ id, quantity: factorQuantity(factor), pedigree: pedigreeOf(factor), variant, gridKind: gridKindOf(variant) },
    ...(relative === undefined ? {} : { relative }),
  }
}

/** Books name margins `operating margin`, as the documents do. */
function gridKindOf(variant: string): GridKind {
  if (/^(operating|build|combined)[ -]margin$/.test(variant)) return 'marginal'
  return variant === 'average' || variant === 'without-traded-non-fossil' ? 'average' : 'neither'
}

function stated(factor: StatedFactor, subject: string, path: string, { period }: FactorContext): UsedFactor {
  const { value, unit, gas, gwpSet, boundary, kind, source, relative, verify } = factor
  const basis = { gas, ...(gwpSet === undefined ? {} : { gwpSet }), boundary, subject }
  const made = quantity(value, unit, basis)
  return {
    ...{ id: `input/${path}`, quantity: made, variant: kind, gridKind: gridKindOf(kind) },
    ...(relative === undefined ? {} : { relative }),
    pedigree: pedigreeFromInput(made, {
      path,
      subject,
      source,
      period,
      of: factor,
      ...(verify === undefined ? {} : { verify }),
    }),
  }
}

function combined(reference: CombinedFactor, subject: string, path: string, context: FactorContext): UsedFactor {
  const weights = marginWeights(reference, path)
  const operating = usedFactor(reference.operatingMargin, subject, `${path}.operatingMargin`, context)
  const build = usedFactor(reference.buildMargin, subject, `${path}.buildMargin`, context)
  for (const [factor, wanted] of [
    [operating, 'operating-margin'],
    [build, 'build-margin'],
  ] as const) {
    if (factor.variant.replace(' ', '-') === wanted) continue
    throw kindMismatch(factor, wanted, path)
  }
  const parts = [scale(operating.quantity, weights.operating), scale(build.quantity, weights.build)] as const
  const made = add(...parts)
  const [o, b] = parts.map((part) => convert(part, made.unit).amount.toNumber()) as [number, number]
  const relative =
    operating.relative === undefined || build.relative === undefined
      ? undefined
      : Math.hypot(o * operating.relative, b * build.relative) / Math.abs(o + b)
  const verify = [weights.verify, operating.pedigree.verify, build.pedigree.verify].filter((one) => one !== undefined)
  const source = `CM = ${weights.operating} · OM + ${weights.build} · BM (${weights.source}); OM: ${operating.pedigree.document}; BM: ${build.pedigree.document}`
  return {
    ...{ id: `input/${path}`, quantity: made, variant: 'combined-margin', gridKind: 'marginal' },
    ...(relative === undefined ? {} : { relative }),
    pedigree: pedigreeFromInput(made, {
      ...{ path, subject, source, period: context.period, of: reference },
      ...(verify.length === 0 ? {} : { verify: verify.join('; ') }),
    }),
  }
}

interface Said {
  readonly path: string
  readonly subject: string
  readonly source: string
  readonly period: FactorContext['period']
  /** What was said, for its hash. */
  readonly of: unknown
  readonly verify?: string
}

/** Pedigree of a value that came with the question: its source is what was said of it. */
export function pedigreeFromInput({ amount, unit, basis }: Quantity, said: Said): FactorPedigree {
  const { gas, gwpSet, boundary } = basis
  return {
    ...{ factor: `input/${said.path}`, subject: said.subject, setSha256: sha256Hex(canonicalJson(said.of)) },
    ...{ value: parseDecimal(amount.toFixed()).toFixed(), unit },
    ...(gas === undefined ? {} : { gas }),
    ...(gwpSet === undefined ? {} : { gwpSet }),
    ...(boundary === undefined ? {} : { boundary }),
    ...{
      document: said.source.slice(0, 600),
      table: 'as stated',
      validFrom: said.period.from,
      validTo: said.period.to,
    },
    licence: 'as stated',
    ...(said.verify === undefined ? {} : { verify: said.verify.slice(0, 300) }),
  }
}

/** @throws `carbon.kind-mismatch` where a factor of electricity is not of the kind that is counted with */
export function checkGridKind(factor: UsedFactor, wanted: 'average' | 'marginal', path: string): void {
  if (factor.quantity.basis.subject !== 'electricity' || factor.gridKind === wanted) return
  throw kindMismatch(factor, wanted, path)
}

const kindMismatch = ({ id, variant, gridKind }: UsedFactor, wanted: string, path: string) =>
  carbonErrors.kindMismatch({
    detail: `${id} is ${variant.replace('-', ' ')}${gridKind === 'neither' ? ', neither average nor marginal' : ''}, and ${wanted.replace('-', ' ')} is counted with: what all power plants emit together is not what changes with a project`,
    ...{ place: { path }, found: variant, expected: wanted },
  })
