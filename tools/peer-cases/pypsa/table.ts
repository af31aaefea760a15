import Papa from 'papaparse'
import type { Problem } from '../../../src/kernel/index.ts'
import { peerErrors } from '../errors.ts'

/** One CSV file of a PyPSA folder as text; row `i` stands on line `i + 2`. */
export interface Table {
  readonly file: string
  /** Column names; the first column is the index whatever it is called. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** @throws {MangroveError} `peer-case.malformed` */
export function parseTable(file: string, text: string): Table {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { delimiter: ',', skipEmptyLines: true })
  const quotes = errors.find(({ type }) => type === 'Quotes')
  const [columns, ...rows] = data
  const ragged = rows.findIndex((cells) => cells.length !== columns?.length)
  if (!columns || quotes || ragged >= 0) {
    throw peerErrors.malformed({
      detail: quotes
        ? 'A quoted cell does not end'
        : columns
          ? 'A row has not the cells of the header'
          : 'The file is empty',
      place: { file, line: quotes ? (quotes.row ?? 0) + 1 : columns ? ragged + 2 : 1 },
      ...(ragged >= 0 ? { found: `${rows[ragged]?.length} cells`, expected: `${columns?.length} cells` } : {}),
    })
  }
  return {
    file,
    columns: columns.map((name) => name.trim()),
    rows: rows.map((cells) => cells.map((cell) => cell.trim())),
  }
}

/** Values of one attribute of all components of a kind: one number each, or one a snapshot. */
export interface Varying {
  /** Value of component `i` at snapshot `t`. */
  at(i: number, t: number): number
  /** Whether component `i` has a series. */
  isSeries(i: number): boolean
  /** Whether `test` holds for any snapshot of component `i`. */
  some(i: number, test: (value: number) => boolean): boolean
}

/** All components of one kind, with typed access to their attributes; what is absent or empty takes the default. */
export interface Components {
  /** As PyPSA names the file: `generators`. */
  readonly kind: string
  readonly names: readonly string[]
  readonly count: number
  has(attribute: string): boolean
  number(attribute: string, fallback: number): Float64Array
  flag(attribute: string, fallback: boolean): readonly boolean[]
  text(attribute: string, fallback?: string): readonly string[]
  /** A static value, or the series of the file `<kind>-<attribute>.csv`. */
  varying(attribute: string, fallback: number): Varying
  /** Where an attribute of a component stands, for errors. */
  place(i: number, attribute: string): { readonly file: string; readonly line: number; readonly path: string }
}

export interface ComponentSources {
  readonly kind: string
  readonly table: Table | undefined
  /** Series files by attribute. */
  readonly series: ReadonlyMap<string, Table>
  readonly snapshots: number
  readonly problems: Problem[]
}

const words: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
}

/** A number as pandas writes it; `undefined` for what pandas reads as missing; NaN for what is no number. */
export function numberOf(cell: string): number | undefined {
  if (cell === '' || /^(nan|none|null|na|n\/a)$/i.test(cell)) return undefined
  const word = words[cell.toLowerCase()]
  if (word !== undefined) return word
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN
}

export function createComponents({ kind, table, series, snapshots, problems }: ComponentSources): Components {
  const rows = table?.rows ?? []
  const names = rows.map((cells) => cells[0] ?? '')
  const index = new Map(names.map((name, i) => [name, i]))
  const fileOf = (attribute?: string): string => (attribute ? `${kind}-${attribute}.csv` : `${kind}.csv`)
  checkNames()
  const column = (attribute: string): number => (table ? table.columns.indexOf(attribute, 1) : -1)
  const wrong = (i: number, attribute: string, found: string, expected: string): void => {
    problems.push(
      peerErrors.badValue.problem({
        detail: `${attribute} of «${names[i]}» cannot be used`,
        place: components.place(i, attribute),
        found,
        expected,
      }),
    )
  }
  const components: Components = {
    kind,
    names,
    count: names.length,
    has: (attribute) => column(attribute) >= 0 || series.has(attribute),
    number(attribute, fallback) {
      const at = column(attribute)
      return Float64Array.from(rows, (cells, i) => {
        const cell = at < 0 ? '' : (cells[at] ?? '')
        const value = numberOf(cell)
        if (Number.isNaN(value)) wrong(i, attribute, cell, 'a number')
        return value ?? fallback
      })
    },
    flag(attribute, fallback) {
      const at = column(attribute)
      return rows.map((cells, i) => {
        const cell = at < 0 ? '' : (cells[at] ?? '')
        if (/^(true|1|1\.0)$/i.test(cell)) return true
        if (/^(false|0|0\.0)$/i.test(cell)) return false
        if (cell !== '') wrong(i, attribute, cell, 'True or False')
        return fallback
      })
    },
    text(attribute, fallback = '') {
      const at = column(attribute)
      return rows.map((cells) => (at < 0 ? fallback : cells[at] || fallback))
    },
    varying(attribute, fallback) {
      const fixed = components.number(attribute, fallback)
      const varied = seriesOf(attribute, fallback)
      return {
        at: (i, t) => varied[i]?.[t] ?? fixed[i]!,
        isSeries: (i) => varied[i] !== undefined,
        some: (i, test) => varied[i]?.some(test) ?? test(fixed[i]!),
      }
    },
    place: (i, attribute) => ({ file: fileOf(), line: i + 2, path: `${names[i]}.${attribute}` }),
  }
  return components

  function checkNames(): void {
    const seen = new Set<string>()
    names.forEach((name, i) => {
      if (name === '' || seen.has(name))
        problems.push(
          peerErrors.badValue.problem({
            detail: name === '' ? `A row of ${kind} has no name` : `${kind} has «${name}» twice`,
            place: { file: fileOf(), line: i + 2 },
            expected: 'names that differ',
          }),
        )
      seen.add(name)
    })
  }

  function seriesOf(attribute: string, fallback: number): (Float64Array | undefined)[] {
    const out = new Array<Float64Array | undefined>(names.length)
    const file = series.get(attribute)
    if (!file) return out
    if (file.rows.length !== snapshots) {
      problems.push(
        peerErrors.malformed.problem({
          detail: `The series do not have one row a snapshot`,
          place: { file: fileOf(attribute), line: Math.min(file.rows.length, snapshots) + 1 },
          found: `${file.rows.length} rows`,
          expected: `${snapshots} rows`,
        }),
      )
      return out
    }
    file.columns.forEach((name, at) => {
      if (at === 0) return
      const i = index.get(name)
      if (i === undefined) {
        problems.push(
          peerErrors.badValue.problem({
            detail: `The series of «${name}» belong to nothing in ${kind}`,
            place: { file: fileOf(attribute), line: 1, path: name },
          }),
        )
        return
      }
      out[i] = Float64Array.from(file.rows, (cells, t) => {
        const value = numberOf(cells[at] ?? '')
        if (Number.isNaN(value))
          problems.push(
            peerErrors.badValue.problem({
              detail: `${attribute} of «${name}» cannot be used`,
              place: { file: fileOf(attribute), line: t + 2, path: name },
              found: cells[at] ?? '',
              expected: 'a number',
            }),
          )
        return value ?? fallback
      })
    })
    return out
  }
}
