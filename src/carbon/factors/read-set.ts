import { checkValue, hashOf, MangroveError, type Problem } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { exactUnit } from '../quantity/index.ts'
import { checkPlausible } from './check-plausible.ts'
import { type Factor, factorQuantity } from './factor.ts'
import { type FactorSetFile, FactorSetSchema } from './schema.ts'

/** A set whose factors were checked, one by one and against each other. */
export interface FactorSet {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly sha256: string
  readonly factors: readonly Factor[]
  readonly gridRegions: Readonly<Record<string, string>>
}

/**
 * Reads a set of factors and holds it against what can be known of it: schema, units, basis, documents, overlapping validity,
 * orders that cannot be the other way round, and sizes that no factor has.
 *
 * @throws `carbon.bad-factor-set` with every problem found
 */
export function readFactorSet(input: unknown, file?: string): FactorSet {
  const { problems } = checkValue(FactorSetSchema, input)
  const place = (path: string) => ({ path, ...(file === undefined ? {} : { file }) })
  const refuse = (all: readonly Problem[]): void => {
    if (all.length > 0) throw new MangroveError(all.slice(0, 50))
  }
  const bad = carbonErrors.badFactorSet.problem
  refuse(problems.map((one) => bad({ ...one, place: place(one.place?.path ?? '') })))
  const set = input as FactorSetFile
  const sha256 = hashOf(set)
  const found: Problem[] = []
  const factors: Factor[] = []
  const ids = new Set<string>()
  for (const [t, table] of set.tables.entries()) {
    if (!set.documents[table.document]) {
      const expected = Object.keys(set.documents).join(', ')
      const at = place(`tables.${t}.document`)
      found.push(bad({ detail: 'The document is not listed', place: at, found: table.document, expected }))
      continue
    }
    for (const [r, row] of table.rows.entries()) {
      const at = place(`tables.${t}.rows.${r}`)
      if (ids.has(row.id)) found.push(bad({ detail: 'Two rows have this id', place: at, found: row.id }))
      ids.add(row.id)
      const made = factorOf(set, sha256, table, row)
      const faults = Array.isArray(made) ? made : faultsOf(made)
      found.push(...faults.map(({ detail, ...rest }) => bad({ ...rest, detail: `${row.id}: ${detail}`, place: at })))
      if (!Array.isArray(made) && faults.length === 0) factors.push(made)
    }
  }
  found.push(...checkPlausible(factors, set.orders ?? [], set.id).map((one) => bad({ ...one, place: place(one.path) })))
  refuse(found)
  const { id, version, title, gridRegions = {} } = set
  return { id, version, title, sha256, factors, gridRegions }
}

type Table = FactorSetFile['tables'][number]

/** A row with what its table says once for all rows; or what is missing. */
function factorOf(
  set: FactorSetFile,
  setSha256: string,
  { document, table, common }: Table,
  row: Table['rows'][number],
): Factor | Fault[] {
  const { id, value, kind, subject, unit, valid, title, page, ...more } = { ...common, ...row }
  if (kind === undefined || subject === undefined || unit === undefined || valid === undefined) {
    const missing = Object.entries({ kind, subject, unit, valid }).filter(([, field]) => field === undefined)
    const names = missing.map(([name]) => name).join(', ')
    return [{ detail: `the factor lacks ${names}`, expected: 'in the row or in common' }]
  }
  const { gas, gwpSet, boundary, heatingValue, variant, region, published, relative, note, verify } = more
  const { title: documentTitle, publisher, year, licence, attribution, sha256 } = set.documents[document]!
  return {
    ...{ id: `${set.id}/${id}`, set: set.id, setVersion: set.version, setSha256 },
    ...{ kind, subject, value, unit, valid, title: title ?? subject },
    basis: present({ gas, gwpSet, boundary, heatingValue }),
    source: { title: documentTitle, publisher, year, table, licence, ...present({ page, attribution, sha256 }) },
    ...present({ variant, region, published, relative, note, verify }),
  }
}

type Fault = { readonly detail: string; readonly found?: unknown; readonly expected?: string }

/** What is wrong with a factor by itself. */
function faultsOf(factor: Factor): readonly Fault[] {
  const { kind, basis, valid, unit } = factor
  const faults: Fault[] = []
  if (valid.to !== undefined && valid.to <= valid.from) {
    faults.push({ detail: 'it ends before it begins', found: valid.to, expected: `a day after ${valid.from}` })
  }
  if ((kind === 'emission' || kind === 'threshold') && (basis.gas === undefined || basis.boundary === undefined)) {
    faults.push({ detail: 'an emission factor says its gas and its boundary', expected: 'gas and boundary' })
  }
  if (kind === 'emission' && /J|Wh|Btu|tce|gce/.test(unit.split('/')[1] ?? '') && basis.heatingValue === undefined) {
    if (factor.subject !== 'electricity' && factor.subject !== 'heat') {
      faults.push({ detail: 'a fuel by energy says its heating value', expected: 'LHV or HHV' })
    }
  }
  if (kind === 'gwp' && (basis.gwpSet === undefined || exactUnit(unit).symbol !== '1')) {
    faults.push({ detail: 'a GWP is a plain number of a set', found: unit, expected: 'unit 1, and gwpSet' })
  }
  try {
    factorQuantity(factor)
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    for (const { detail, found, expected } of error.problems) {
      faults.push({ detail, found, ...(expected === undefined ? {} : { expected }) })
    }
  }
  return faults
}

type Present<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> }

/** Leaves out what is not there. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>
}
