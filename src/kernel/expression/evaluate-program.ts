import { quality } from '../series/quality.ts'
import { emptyColumn, type PointColumn } from './column.ts'
import { absInto, chooseInto, loadInto, pairLoops, powerInto, scaleInto } from './column-operations.ts'
import type { Program } from './program.ts'

/** Rows that are worked on together: few enough that the columns of an expression stay in the cache. */
const chunkRows = 1024

/** Columns by point, each in the unit of its point and `count` rows long. */
export type PointColumns = ReadonlyMap<string, PointColumn>

/**
 * Evaluates a program row by row, a column at a time. A point without a column is missing in every row. Memory beside the
 * result does not grow with the rows.
 */
export function evaluateProgram(program: Program, columns: PointColumns, count: number): PointColumn {
  const size = Math.min(chunkRows, count)
  const steps: ((from: number, rows: number) => void)[] = []
  const read = new Map<string, PointColumn>()

  const bind = (part: Program): PointColumn => {
    if (part.operation === 'constant') return constantColumn(part.value, size)
    const key = part.operation === 'column' ? `${part.ref} ${part.scale} ${part.offset}` : ''
    const before = read.get(key)
    if (before) return before
    const step = stepOf(part)
    steps.push(step.run)
    if (part.operation === 'column') read.set(key, step.out)
    return step.out
  }
  const stepOf = (part: Exclude<Program, { operation: 'constant' }>) => {
    const out = emptyColumn(size)
    switch (part.operation) {
      case 'column': {
        const given = columns.get(part.ref)
        if (!given) {
          out.values.fill(Number.NaN)
          out.quality.fill(quality.missing)
          return { out, run: () => undefined }
        }
        if (given.values.length !== count || given.quality.length !== count) {
          throw new RangeError(`The column of ${part.ref} has ${given.values.length} rows, not ${count}`)
        }
        const plain = part.scale === 1 && part.offset === 0
        const run = (from: number, rows: number): void => {
          loadInto(out, given, from, rows)
          if (!plain) scaleInto(out, out, part, rows)
        }
        return { out, run }
      }
      case 'scale': {
        const of = bind(part.of)
        return { out, run: (_: number, rows: number) => scaleInto(out, of, part, rows) }
      }
      case 'abs': {
        const of = bind(part.of)
        return { out, run: (_: number, rows: number) => absInto(out, of, rows) }
      }
      case 'power': {
        const of = bind(part.of)
        return { out, run: (_: number, rows: number) => powerInto(out, of, part.exponent, rows) }
      }
      case 'choose': {
        const parts = {
          left: bind(part.left),
          right: bind(part.right),
          chosen: bind(part.chosen),
          otherwise: bind(part.otherwise),
        }
        return { out, run: (_: number, rows: number) => chooseInto(out, part.sign, parts, rows) }
      }
      default: {
        const [left, right] = [bind(part.left), bind(part.right)]
        const loop = pairLoops[part.operation]
        return { out, run: (_: number, rows: number) => loop(out, left, right, rows) }
      }
    }
  }

  const last = bind(program)
  const result = emptyColumn(count)
  for (let from = 0; from < count; from += size) {
    const rows = Math.min(size, count - from)
    for (const step of steps) step(from, rows)
    result.values.set(rows === size ? last.values : last.values.subarray(0, rows), from)
    result.quality.set(rows === size ? last.quality : last.quality.subarray(0, rows), from)
  }
  return result
}

/** A number is exact, unless it is none: then it is missing. */
function constantColumn(value: number, size: number): PointColumn {
  const column = emptyColumn(size)
  const known = Number.isFinite(value)
  column.values.fill(known ? value : Number.NaN)
  column.quality.fill(known ? quality.good : quality.missing)
  return column
}
