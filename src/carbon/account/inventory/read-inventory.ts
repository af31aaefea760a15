import {
  checkValue,
  type DataPort,
  MangroveError,
  type Place,
  type Problem,
  parseSiteDocument,
  type Site,
} from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { type Activity, ActivitySchema, type Instrument } from '../activity-schema.ts'
import { type MeteredRow, MeteredRowSchema } from '../metered/schema.ts'
import type { AccountInput } from '../schema.ts'
import type { GpcSettings, ViewName } from '../views/schema.ts'
import { type InventoryFile, InventoryFileSchema } from './inventory-file.ts'
import { isDay, type Period, readPeriod } from './period.ts'
import { readTable } from './read-table.ts'
import { type TableRow, TableRowSchema } from './table-schema.ts'

/** What is accounted, from the input, from a file of the year, and from tables that either names. */
export interface Inventory {
  readonly name: string
  readonly approach: string
  readonly region?: string
  readonly gwpSet: NonNullable<AccountInput['gwpSet']>
  readonly fallback: NonNullable<AccountInput['fallback']>
  readonly activities: readonly Activity[]
  /** Rows with the time they are read for. */
  readonly metered: readonly (MeteredRow & Period)[]
  readonly instruments: readonly Instrument[]
  readonly factorSets: readonly unknown[]
  readonly views: readonly ViewName[]
  readonly gpc: GpcSettings
  /** Rows of files that lie wholly outside the period. */
  readonly outsidePeriodRows: number
  /** Where a row stands in a file; undefined for rows of the input. */
  placeOf(id: string): Place | undefined
}

interface FileRows {
  readonly file?: InventoryFile
  readonly stated: readonly Activity[]
  readonly metered: readonly MeteredRow[]
  readonly tables: readonly TableRow[]
  readonly places: Map<string, Place>
  readonly defaults: Period
}

/**
 * Reads what an inventory is made of.
 *
 * @throws `carbon.bad-activity` with every problem of the file and its tables
 */
export async function readInventory(input: AccountInput, site: Site | undefined, data: DataPort): Promise<Inventory> {
  const { period } = input
  const given = input.activities.length + input.metered.length + input.tables.length
  const fileName =
    input.activitiesFile ?? (given === 0 && site ? `inventory-${period.from.slice(0, 4)}.yaml` : undefined)
  const needSite = (path: string): Site => {
    if (site) return site
    throw carbonErrors.badActivity({
      detail: 'This is read beside a site, or from its meters',
      place: { path },
      expected: 'site',
    })
  }
  const read = fileName === undefined ? undefined : await readFile(fileName, needSite('activitiesFile'), data)
  const places = read?.places ?? new Map<string, Place>()
  const tables = [...input.tables, ...(read?.tables ?? [])]
  const tabled: Activity[] = []
  for (const table of tables) {
    const text = await data.text(needSite('tables'), table.table.file)
    for (const { row, place } of readTable(table, text, read?.defaults ?? period)) {
      tabled.push(row)
      places.set(row.id, place)
    }
  }
  const fromFiles = [...(read?.stated ?? []), ...tabled]
  const within = fromFiles.filter(({ from, to }) => to > period.from && from < period.to)
  const metered = [
    ...input.metered.map((row) => ({ ...row, from: row.from ?? period.from, to: row.to ?? period.to })),
    ...(read?.metered ?? []).map((row) => cut(row, read?.defaults ?? period, period)),
  ]
  const meteredWithin = metered.filter(({ from, to }) => from < to)
  const activities = [...input.activities, ...within]
  if (activities.length + meteredWithin.length === 0) {
    throw carbonErrors.badActivity({
      detail: 'There is nothing to account in this period',
      place: fileName === undefined ? { path: 'activities' } : { file: fileName },
      found: `${period.from} to ${period.to}`,
      expected: 'activities, metered rows, tables, or a file of the year beside the site',
    })
  }
  if (meteredWithin.length > 0) needSite('metered')
  const factorFiles = await Promise.all(
    (read?.file?.factorFiles ?? []).map(
      async (file) => parseSiteDocument(await data.text(needSite('factorFiles'), file), file).content,
    ),
  )
  const name = input.name ?? read?.file?.organisation ?? site?.name
  if (name === undefined) {
    throw carbonErrors.badActivity({
      detail: 'An inventory is of somebody',
      place: { path: 'name' },
      expected: 'name, or site',
    })
  }
  const region = input.region ?? read?.file?.region
  return {
    name,
    approach: input.approach ?? read?.file?.approach ?? 'operational',
    ...(region === undefined ? {} : { region }),
    gwpSet: input.gwpSet ?? read?.file?.gwpSet ?? 'AR6',
    fallback: input.fallback ?? read?.file?.fallback ?? ['earlier-year', 'grid-region', 'country'],
    activities,
    metered: meteredWithin,
    instruments: [
      ...input.instruments,
      ...(read?.file?.instruments ?? []).filter(({ from, to }) => to > period.from && from < period.to),
    ],
    factorSets: [...input.factorSets, ...factorFiles],
    views: input.views ?? read?.file?.views ?? [],
    gpc: input.gpc ?? read?.file?.gpc ?? {},
    outsidePeriodRows: fromFiles.length - within.length + metered.length - meteredWithin.length,
    placeOf: (id) => places.get(id),
  }
}

/** The part of a metered row that lies in the period: a meter can be read for any part of its time. */
function cut(row: MeteredRow, defaults: Period, period: Period): MeteredRow & Period {
  const from = row.from ?? defaults.from
  const to = row.to ?? defaults.to
  // Days as text stand in the order of time.
  const [begin] = [from, period.from].sort().toReversed()
  const [end] = [to, period.to].sort()
  return { ...row, from: begin!, to: end! }
}

async function readFile(name: string, site: Site, data: DataPort): Promise<FileRows> {
  const { content, placeOf } = parseSiteDocument(await data.text(site, name), name)
  const problems: Problem[] = []
  const file = checked<InventoryFile>(InventoryFileSchema, content, (path) => placeOf(path), problems)
  if (problems.length > 0) throw new MangroveError(problems)
  const defaults = typeof file.period === 'object' ? file.period : readPeriod(String(file.period))
  const rows: FileRows = { file, stated: [], metered: [], tables: [], places: new Map(), defaults }
  const [stated, metered, tables] = [[] as Activity[], [] as MeteredRow[], [] as TableRow[]]
  file.activities.forEach((row, index) => {
    const place = (path: readonly (string | number)[]): Place => placeOf(['activities', index, ...path])
    const forms = ['amount', 'meter', 'table'].filter((field) => row[field] !== undefined)
    if (forms.length !== 1) {
      problems.push(
        carbonErrors.badActivity.problem({
          detail: forms.length === 0 ? 'The row has no amount' : 'The row has more than one amount',
          ...{ place: place([]), found: forms.length === 0 ? 'no amount' : forms.join(', ') },
          expected: 'one of `amount` with `unit`, `meter`, and `table`',
        }),
      )
      return
    }
    const id = String(row.id)
    rows.places.set(id, place([]))
    if (forms[0] === 'meter') metered.push(checked(MeteredRowSchema, row, place, problems))
    else if (forms[0] === 'table') tables.push(checked(TableRowSchema, row, place, problems))
    else stated.push(checked(ActivitySchema, { ...defaults, ...row }, place, problems))
  })
  for (const { id, from, to } of [...stated, ...metered, ...tables]) {
    for (const day of [from, to]) {
      if (day === undefined || isDay(day)) continue
      const place = rows.places.get(id)
      problems.push(
        carbonErrors.badActivity.problem({
          detail: `${id}: this is no day`,
          ...(place ? { place } : {}),
          found: day,
          expected: '2025-03-01',
        }),
      )
    }
  }
  if (problems.length > 0) throw new MangroveError(problems.slice(0, 50))
  return { ...rows, stated, metered, tables }
}

function checked<Value>(
  schema: Parameters<typeof checkValue>[0],
  content: unknown,
  placeOf: (path: readonly (string | number)[]) => Place,
  problems: Problem[],
): Value {
  const { value, problems: found } = checkValue(schema, content)
  for (const one of found) {
    const parts = (one.place?.path ?? '').split('.').filter((part) => part !== '')
    const place = placeOf(parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part)))
    problems.push(carbonErrors.badActivity.problem({ ...one, place }))
  }
  return value as Value
}
