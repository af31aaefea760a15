import type { Site } from '../api/types.ts'
import { readNumber, typed } from './read-number.ts'
import { type Candidate, candidatesOf } from './sizable.ts'

/** A number of the form that is no size: money or a target. */
interface Field {
  readonly id: string
  /** Shown beside the name; `CUR` is the currency of the site. */
  readonly unit: string
  readonly least: number
  readonly most: number
  readonly whole?: boolean
  /** What one of the field is in the section `investment`: 0.01 for a share in per cent. */
  readonly scale: number
  /** Stands where the site says nothing; absent: nothing is asked. */
  readonly fallback?: number
}

const percent = (id: string, fallback?: number, least = 0): Field => ({
  ...{ id, unit: '%', least, most: 100, scale: 0.01 },
  ...(fallback === undefined ? {} : { fallback }),
})

/** Money over the years; the names are those of the section `investment`. */
export const moneyFields: readonly Field[] = [
  { id: 'years', unit: 'a', least: 1, most: 60, whole: true, scale: 1, fallback: 20 },
  percent('discountRate', 6, -50),
  percent('energyEscalation', 0, -50),
  percent('opexEscalation', 0, -50),
  percent('carbonEscalation', 0, -50),
  percent('taxRate', 0),
]

/** Debt; all three or none. */
export const debtFields: readonly Field[] = [
  percent('debtShare', 0),
  percent('interestRate', 4),
  { id: 'termYears', unit: 'a', least: 1, most: 40, whole: true, scale: 1, fallback: 10 },
]

/** What the sizes have to keep; an empty field asks nothing. */
export const targetFields: readonly Field[] = [
  percent('minRenewableShare'),
  { id: 'carbonCapKgPerYear', unit: 't CO₂e/a', least: 0, most: 1e12, scale: 1000 },
  { id: 'mostCapex', unit: 'CUR', least: 0, most: 1e15, scale: 1 },
  { id: 'outageHours', unit: 'h', least: 0, most: 744, scale: 1 },
  { id: 'outageKw', unit: 'kW', least: 0, most: 1e9, scale: 1 },
]

export const sizeFields = ['min', 'max', 'existing', 'capexPerUnit', 'opexPerUnitYear', 'lifetimeYears'] as const
export type SizeField = (typeof sizeFields)[number]

/** How far the answer goes. */
export const depths = ['quick', 'exact', 'tried'] as const
export type Depth = (typeof depths)[number]

/** What stands in the form; texts as they were typed. */
export interface SizingForm {
  /** Candidates that may be built. */
  readonly chosen: readonly string[]
  /** By `<candidate>/<field>`, and by the name of a field. */
  readonly texts: Readonly<Record<string, string>>
  readonly depth: Depth
  readonly points: number
}

/** A word for what is wrong with a field, and its numbers. */
export interface Wrong {
  readonly code: 'number' | 'least' | 'most' | 'whole' | 'below' | 'option' | 'battery' | 'pair' | 'currency'
  readonly values?: Readonly<Record<string, string | number>>
}

type Json = Readonly<Record<string, unknown>>
const numberAt = (value: unknown, name: string): number | undefined => {
  const found = (value as Json | undefined)?.[name]
  return typeof found === 'number' ? found : undefined
}

/** The form as the site fills it. */
export function formOf(site: Site): SizingForm {
  const candidates = candidatesOf(site)
  const investment = site.sections.investment
  const financing = (investment as Json | undefined)?.financing
  const texts: Record<string, string> = {}
  for (const one of candidates) {
    const values: Record<SizeField, number | undefined> = { ...one, existing: one.standing }
    for (const field of sizeFields) texts[`${one.id}/${field}`] = typed(values[field])
  }
  for (const { id, scale, fallback } of [...moneyFields, ...targetFields]) {
    const stated = numberAt(investment, id)
    texts[id] = typed(stated === undefined ? fallback : stated / scale)
  }
  for (const { id, scale, fallback } of debtFields) {
    const stated = numberAt(financing, id)
    texts[id] = typed(stated === undefined ? fallback : stated / scale)
  }
  const named = candidates.filter((one) => one.named)
  const usual = candidates.filter(({ asset }) => ['pv', 'wind', 'battery'].includes(asset.kind))
  return {
    chosen: (named.length > 0 ? named : usual).map(({ id }) => id),
    texts,
    depth: 'quick',
    points: 4,
  }
}

/** Share of a battery's capacity that an outage may count on: between the usual 95 % and 10 %, less what discharging loses. */
const usableShare = 0.8

/**
 * What the form asks of `energy.size`, or what is wrong, by field.
 *
 * @returns `wrong` is empty where `input` may be sent
 */
export function readForm(
  site: Site,
  form: SizingForm,
): { readonly input: Json; readonly wrong: Readonly<Record<string, Wrong>> } {
  const wrong: Record<string, Wrong> = {}
  const read = (path: string, { least, most, whole = false }: Pick<Field, 'least' | 'most' | 'whole'>): number => {
    const value = readNumber(form.texts[path] ?? '')
    if (Number.isNaN(value)) wrong[path] = { code: 'number' }
    else if (value < least) wrong[path] = { code: 'least', values: { least } }
    else if (value > most) wrong[path] = { code: 'most', values: { most } }
    else if (whole && !Number.isInteger(value)) wrong[path] = { code: 'whole' }
    return value
  }
  const readAll = (fields: readonly Field[]): Record<string, number> =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const empty = (form.texts[field.id] ?? '').trim() === ''
        return empty && field.fallback === undefined ? [] : [[field.id, read(field.id, field) * field.scale]]
      }),
    )
  const { outageHours, outageKw, ...targets } = readAll(targetFields)
  const { debtShare = 0, ...debt } = readAll(debtFields)
  if ((outageHours === undefined) !== (outageKw === undefined)) {
    wrong[outageHours === undefined ? 'outageHours' : 'outageKw'] = { code: 'pair' }
  }
  const reserveKwh = ((outageHours ?? 0) * (outageKw ?? 0)) / usableShare
  const candidates = candidatesOf(site).filter(({ id }) => form.chosen.includes(id))
  if (candidates.length === 0) wrong.options = { code: 'option' }
  const options = candidates.map((one) => readOption(one, read, wrong))
  const stores = candidates.filter(({ asset, sizable }) => asset.kind === 'battery' && sizable.size === 'capacityKwh')
  if (reserveKwh > 0 && stores.length === 0) wrong.outageHours = { code: 'battery' }
  return {
    input: {
      site: site.id,
      preview: form.depth === 'quick',
      backtest: form.depth === 'tried' ? 'weeks' : 'none',
      pareto: form.points,
      changes: {
        investment: {
          ...cleared(site),
          ...readAll(moneyFields),
          ...targets,
          ...(debtShare > 0 ? { financing: { debtShare, ...debt } } : {}),
          options: options.map((option) =>
            option.asset === stores[0]?.asset.id && option.size === 'capacityKwh'
              ? { ...option, min: Math.max(option.min, Math.min(option.max, Math.ceil(reserveKwh))) }
              : option,
          ),
        },
      },
    },
    wrong,
  }
}

/** What the site asks, and the form may not: a patch has to take it away. */
function cleared(site: Site): Json {
  const names = ['financing', 'minRenewableShare', 'carbonCapKgPerYear', 'mostCapex']
  const stated = (site.sections.investment ?? {}) as Json
  return Object.fromEntries(names.filter((name) => name in stated).map((name) => [name, null]))
}

function readOption(
  { id, asset, sizable, subsidyShare }: Candidate,
  read: (path: string, bounds: Pick<Field, 'least' | 'most'>) => number,
  wrong: Record<string, Wrong>,
) {
  const at = (field: SizeField, least = 0): number => read(`${id}/${field}`, { least, most: 1e12 })
  const option = {
    asset: asset.id,
    size: sizable.size,
    min: at('min'),
    max: at('max', 1e-3),
    existing: at('existing'),
    capexPerUnit: at('capexPerUnit'),
    opexPerUnitYear: at('opexPerUnitYear'),
    lifetimeYears: read(`${id}/lifetimeYears`, { least: 1, most: 100 }),
    subsidyShare,
  }
  const { min, existing, max } = option
  if (Math.max(min, existing) > max)
    wrong[`${id}/max`] ??= { code: 'below', values: { least: Math.max(min, existing) } }
  return option
}
