import { carbonErrors } from '../../errors.ts'
import { tidy } from '../create-account.ts'
import { type GpcPlace, gpcPlaces } from './gpc-codes.ts'
import { entryOf, type Line, sumOfLines } from './lines.ts'
import type { GpcSettings, View, ViewEntry } from './schema.ts'

const byCode = new Map(gpcPlaces.map((place) => [place.code, place]))

/** Where a city counts a line, or why nobody can say. */
export type Placed = { readonly place: GpcPlace } | { readonly why: string }

/**
 * Finds the place of a line: its own code; else what follows from what it is. Who emits is of no matter here, where is.
 *
 * @throws `carbon.bad-activity` for a code that is none, or that contradicts the line
 */
export function placeInCity(line: Line, { stationary }: GpcSettings): Placed {
  const { sample, scope } = line
  if (sample?.gpc !== undefined) return { place: statedPlace(line, sample.gpc) }
  const known = (code: string): Placed => ({ place: byCode.get(code)! })
  const energy = (part: 1 | 2): Placed =>
    stationary === undefined
      ? { why: 'Which sub-sector uses it is not said: `gpc` of the row, or `gpc.stationary` of the inventory' }
      : known(`${stationary}.${part}`)
  switch (sample?.activity) {
    case 'fuel':
      switch (sample.use) {
        case 'road':
          return known('II.1.1')
        case 'rail':
          return known('II.2.1')
        case 'ship':
          return known('II.3.1')
        case 'energy-industry':
          return known('I.4.1')
        case undefined:
          return energy(1)
      }
      break
    case 'electricity':
    case 'heat':
      return sample.factor === undefined || scope === 2 ? energy(2) : { why: 'A factor of its own says no place' }
    case 'refrigerant':
      return known('IV.2')
    case 'waste': {
      const sub = { landfilled: 'III.1', composted: 'III.2', digested: 'III.2', incinerated: 'III.3' }
      if (scope === 1) return known(`${sub[sample.treatment ?? 'landfilled']}.1`)
      return {
        why: `Whether it is treated within the city is not said: gpc: ${sub[sample.treatment ?? 'landfilled']}.1 or .2`,
      }
    }
    default:
  }
  return { why: 'Nothing tells where it happens: the row needs a code `gpc`' }
}

function statedPlace({ id, scope }: Line, code: string): GpcPlace {
  const place = byCode.get(code) ?? byCode.get(`${code}.${scope}`)
  if (place && (scope === 2) === (place.scope === 2)) return place
  throw carbonErrors.badActivity({
    detail: place
      ? `${id}: a row of scope ${scope} is nothing that ${place.code} counts (${place.title})`
      : `${id}: this is no code of a city inventory`,
    ...{ place: { path: `activities.${id}` }, found: code },
    expected:
      scope === 2
        ? 'energy from grids: I.1.2 to I.6.2, II.1.2 to II.5.2'
        : 'a code of GPC 1.1, such as I.3.1, II.1.3, III.2.2',
  })
}

/**
 * The inventory of a city: every sub-sector with a value or a notation key, and the totals BASIC, BASIC+ and territorial.
 * Purchased energy counts by location. Each line has one place, so that nothing is counted twice; what has none is named.
 */
export function gpcView(lines: readonly Line[], settings: GpcSettings): View {
  const counted = lines.filter(({ method }) => method !== 'market')
  const placed = new Map<string, Line[]>()
  const unplaced: { readonly line: Line; readonly why: string }[] = []
  for (const line of counted) {
    const found = placeInCity(line, settings)
    if ('why' in found) unplaced.push({ line, why: found.why })
    else placed.set(found.place.code, [...(placed.get(found.place.code) ?? []), line])
  }
  checkNotation(settings, placed)
  const inTotal = (total: string): readonly Line[] =>
    gpcPlaces.filter(({ totals }) => totals.includes(total)).flatMap(({ code }) => placed.get(code) ?? [])
  const total = (code: string, title: string, parts: readonly Line[]) => ({
    code,
    title,
    massKgCo2e: sumOfLines(parts),
  })
  return {
    view: 'gpc',
    source:
      'Global Protocol for Community-Scale Greenhouse Gas Inventories, version 1.1 (2021); to be held against the document',
    entries: gpcPlaces.map((place) => entryWithKey(place, placed.get(place.code) ?? [], settings)),
    totals: [
      total('basic', 'BASIC', inTotal('basic')),
      total('basic-plus', 'BASIC+', inTotal('basic-plus')),
      total('territorial', 'Territorial', inTotal('territorial')),
      total('other-scope-3', 'Other scope 3', inTotal('other-scope-3')),
      total('placed', 'All that has a place', [...placed.values()].flat()),
      total(
        'unplaced',
        'All that has none',
        unplaced.map(({ line }) => line),
      ),
    ],
    unplaced: unplaced.map(({ line: { id, rows, scope, kgCo2e }, why }) => ({
      id,
      rows,
      scope,
      massKgCo2e: tidy(kgCo2e),
      why,
    })),
    notes: ['Purchased energy counts by location. NE: nothing is said of this sub-sector, which is not zero.'],
  }
}

function entryWithKey(place: GpcPlace, lines: readonly Line[], { notation = {} }: GpcSettings): ViewEntry {
  const { code, title, sector, scope, totals } = place
  const entry = entryOf({ code, title: `${sector}: ${title}`, scope, totals: [...totals] }, lines)
  const said = notation[code]
  if (said) {
    const hidden = said.key === 'C' ? entryOf({ code, title: entry.title, scope, totals: [...totals] }, []) : entry
    return { ...hidden, massKgCo2e: null, notation: said.key, why: said.why }
  }
  return lines.length > 0 ? entry : { ...entry, notation: 'NE', why: 'Nothing is said of it' }
}

/** A key stands for a value that is not told: beside rows only C, which keeps a value from being seen. */
function checkNotation({ notation = {} }: GpcSettings, placed: ReadonlyMap<string, readonly Line[]>): void {
  for (const [code, { key }] of Object.entries(notation)) {
    const rows = placed.get(code) ?? []
    const bad = (detail: string, found: string, expected: string) =>
      carbonErrors.badActivity({ detail, place: { path: `gpc.notation.${code}` }, found, expected })
    if (!byCode.has(code)) throw bad('This is no code of a city inventory', code, 'a code of GPC 1.1, such as I.1.1')
    if (key !== 'C' && rows.length > 0) {
      throw bad(
        `${code} has a notation key and rows: ${rows.map(({ id }) => id).join(', ')}`,
        key,
        'either rows, or a key',
      )
    }
    if (key === 'C' && rows.length === 0) throw bad('What is confidential has rows', key, 'rows, or NO, NE, IE')
  }
}
