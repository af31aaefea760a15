import { MangroveError, type Problem } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import type { FileSource } from '../site/series-source.ts'
import { parseDuration } from '../time/duration.ts'
import { isPlausible } from '../units/index.ts'
import { type CsvTable, columnIndex, readCsvTable } from './csv-table.ts'
import { readStamps } from './stamps.ts'
import type { UniformValues } from './uniform.ts'

const maxProblems = 20
const missingWords = new Set(['', '-', 'na', 'n/a', 'nan', 'null', 'none'])

/**
 * A column of a CSV file on even steps, in the unit of the file, unscaled. Empty cells and absent rows are missing.
 *
 * @throws every problem of the file: columns, stamps that are unreadable, doubled, out of order or off the step, and
 * cells that are no number, each with its line
 */
export function readFileSeries(source: FileSource, text: string, zone: string): UniformValues {
  const table = readCsvTable(source.file, text)
  const timeColumn = columnIndex(table, source.time.column)
  const valueColumn = columnIndex(table, source.column)
  const rows = inTimeOrder(table, timeColumn)
  const stamps = readStamps(rows, source, source.time.zone ?? zone)
  const cells = rows.map(({ cells: row }) => row[valueColumn] ?? '')
  const values = readNumbers(table, rows, cells, source.column)
  refuseDisorder(source.file, rows, stamps, values)
  const stepMs = source.step === undefined ? usualStepMs(source.file, stamps) : parseDuration(source.step)
  return place(source, rows, stamps, values, stepMs)
}

interface Row {
  readonly cells: readonly string[]
  readonly text: string
  readonly line: number
}

/** Rows with their lines; a file that runs from new to old is turned round. */
function inTimeOrder({ rows }: CsvTable, timeColumn: number): readonly Row[] {
  const all = rows
    .map((cells, index): Row => ({ cells, text: cells[timeColumn] ?? '', line: index + 2 }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const falling = all.slice(1, 200).filter(({ text }, index) => text < (all[index]?.text ?? '')).length
  const compared = Math.min(199, all.length - 1)
  // ISO-like stamps sort as text; one that falls nearly always tells of a file written from new to old.
  return compared > 2 && falling / compared > 0.95 ? all.reverse() : all
}

function readNumbers(table: CsvTable, rows: readonly Row[], cells: readonly string[], column: string): Float64Array {
  const problems: Problem[] = []
  const decimalComma = table.delimiter !== ','
  const values = Float64Array.from(cells, (cell, index) => {
    const trimmed = cell.trim()
    if (missingWords.has(trimmed.toLowerCase())) return Number.NaN
    const value = Number(decimalComma && /^[+-]?\d+,\d+$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed)
    if (!isPlausible(value) && problems.length < maxProblems) {
      problems.push(
        kernelErrors.badNumber.problem({
          detail: `Column "${column}" holds what is no number`,
          place: { file: table.file, line: rows[index]?.line ?? 0 },
          found: trimmed.slice(0, 60),
          expected: 'a number up to 1e12, or nothing where it is missing',
        }),
      )
    }
    return value
  })
  if (problems.length > 0) throw new MangroveError(problems)
  return values
}

function refuseDisorder(file: string, rows: readonly Row[], stamps: Float64Array, values: Float64Array): void {
  const problems: Problem[] = []
  for (let k = 1; k < stamps.length && problems.length < maxProblems; k += 1) {
    if (stamps[k]! > stamps[k - 1]!) continue
    const where = { place: { file, line: rows[k]?.line ?? 0 }, found: rows[k]?.text.slice(0, 60) }
    if (stamps[k]! < stamps[k - 1]!) {
      problems.push(
        kernelErrors.stampOrder.problem({
          detail: 'The time stamp lies before the one above it',
          ...where,
          expected: `later than ${rows[k - 1]?.text}`,
        }),
      )
    } else if (!Object.is(values[k], values[k - 1])) {
      problems.push(
        kernelErrors.stampTwice.problem({
          detail: 'The time stamp stands twice with different values',
          ...where,
          expected: 'one value for one moment',
        }),
      )
    }
  }
  if (problems.length > 0) throw new MangroveError(problems)
}

/** The most frequent distance of neighbours. */
function usualStepMs(file: string, stamps: Float64Array): number {
  const counts = new Map<number, number>()
  for (let k = 1; k < stamps.length; k += 1) {
    const distance = stamps[k]! - stamps[k - 1]!
    if (distance > 0) counts.set(distance, (counts.get(distance) ?? 0) + 1)
  }
  const [usual] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b)
  if (usual) return usual[0]
  throw kernelErrors.badSeries({
    detail: 'The step cannot be told from a single row',
    place: { file, path: 'step' },
    expected: 'a step such as 15m',
  })
}

/** Longest span one file may cover, in steps: ten years of minutes. */
const maxSteps = 5_300_000

function place(
  source: FileSource,
  rows: readonly Row[],
  stamps: Float64Array,
  cells: Float64Array,
  stepMs: number,
): UniformValues {
  const shift = source.time.label === 'end' ? stepMs : 0
  const startMs = stamps[0]! - shift
  const count = Math.round((stamps[stamps.length - 1]! - shift - startMs) / stepMs) + 1
  if (count > maxSteps) {
    throw kernelErrors.badSeries({
      detail: 'The file spans too long a time for its step',
      place: { file: source.file },
      found: count,
      expected: `at most ${maxSteps} steps`,
    })
  }
  const values = new Float64Array(count).fill(Number.NaN)
  stamps.forEach((stamp, index) => {
    const exact = (stamp - shift - startMs) / stepMs
    const k = Math.round(exact)
    if (Math.abs(exact - k) * stepMs > 1000) {
      throw kernelErrors.stampOffGrid({
        detail: `The time stamp does not lie on the steps of ${stepMs / 60_000} min that begin at the first row`,
        place: { file: source.file, line: rows[index]?.line ?? 0 },
        found: rows[index]?.text,
        expected: `a multiple of ${stepMs / 60_000} min after ${rows[0]?.text}`,
      })
    }
    values[k] = cells[index]!
  })
  return { startMs, stepMs, values }
}
