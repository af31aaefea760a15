import { type CheckedExpression, checkExpression, type PointColumn, type PointColumns } from '../expression/index.ts'
import type { Site } from '../site/model.ts'
import { declaredPoints } from './declarations.ts'
import { evaluationOrder } from './evaluation-order.ts'

/** The computed points of a site, ready to be evaluated. */
export interface ComputedPoints {
  /** Each after the computed points that it needs. */
  readonly order: readonly ComputedPoint[]
  readonly byRef: ReadonlyMap<string, ComputedPoint>
}

export interface ComputedPoint {
  readonly ref: string
  readonly unit: string
  readonly expression: CheckedExpression
}

/** Readies the computed points that a site declares; once a site, for any number of evaluations. */
export function computedPoints(site: Site): ComputedPoints {
  const byRef = new Map<string, ComputedPoint>()
  for (const { ref, unit, expression, inputs = {} } of declaredPoints(site)) {
    if (expression === undefined) continue
    const unitOf = (input: string): string | undefined => (Object.hasOwn(inputs, input) ? inputs[input] : undefined)
    byRef.set(ref, { ref, unit, expression: checkExpression(expression, { unit, unitOf, currency: site.currency }) })
  }
  const { order } = evaluationOrder(new Map([...byRef].map(([ref, { expression }]) => [ref, expression.refs])))
  return { byRef, order: order.map((ref) => byRef.get(ref)!) }
}

/** The computed points that `wanted` needs, itself among them, in the order of evaluation. */
function needed({ byRef, order }: ComputedPoints, wanted: Iterable<string>): readonly ComputedPoint[] {
  const reached = new Set<string>()
  const open = [...wanted]
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const point = byRef.get(ref)
    if (!point || reached.has(ref)) continue
    reached.add(ref)
    open.push(...point.expression.refs)
  }
  return order.filter(({ ref }) => reached.has(ref))
}

/**
 * The points that must be read so that `wanted` can be told: what is measured among `wanted`, and what the computed points
 * among it are made of, down to the last.
 */
export function measuredInputs(computed: ComputedPoints, wanted: Iterable<string>): readonly string[] {
  const asked = [...wanted]
  const refs = needed(computed, asked).flatMap(({ expression }) => expression.refs)
  return [...new Set([...asked, ...refs])].filter((ref) => !computed.byRef.has(ref))
}

/**
 * Columns of the computed points among `wanted`, from the columns of what was measured, aligned (see {@link alignColumns}).
 * A measured point without a column is missing in every row.
 *
 * @param wanted absent: all computed points
 */
export function computePoints(
  computed: ComputedPoints,
  columns: PointColumns,
  count: number,
  wanted: Iterable<string> = computed.byRef.keys(),
): ReadonlyMap<string, PointColumn> {
  const asked = new Set(wanted)
  const all = new Map(columns)
  for (const { ref, expression } of needed(computed, asked)) all.set(ref, expression.evaluate(all, count))
  return new Map([...asked].filter((ref) => computed.byRef.has(ref)).map((ref) => [ref, all.get(ref)!]))
}
