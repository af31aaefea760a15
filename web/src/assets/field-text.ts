/** A field of an asset as a line of a table. */
export interface FieldLine {
  /** `wear.cycleLife` */
  readonly path: string
  /** Names on the way, as the site file has them. */
  readonly names: readonly string[]
  readonly value: FieldValue
}

export type FieldValue =
  | { readonly kind: 'number'; readonly value: number; readonly unit: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'truth'; readonly value: boolean }
  /** Numbers of a series or a curve. */
  | { readonly kind: 'numbers'; readonly count: number; readonly low: number; readonly high: number }
  | { readonly kind: 'list'; readonly count: number; readonly text: string }

/** Units at the ends of names, the longer ones first. */
const endings: readonly (readonly [string, string])[] = [
  ['PerKwh', '/kWh'],
  ['PerHour', '/h'],
  ['PerDay', '/d'],
  ['PerC', '/°C'],
  ['Kwp', 'kWp'],
  ['Kwh', 'kWh'],
  ['Kva', 'kVA'],
  ['Kw', 'kW'],
  ['Kv', 'kV'],
  ['Deg', '°'],
  ['Hours', 'h'],
  ['Minutes', 'min'],
  ['Bar', 'bar'],
  ['Kg', 'kg'],
  ['M3', 'm³'],
  ['M2', 'm²'],
  ['M', 'm'],
  ['C', '°C'],
]

/** Ends of names whose numbers are shares of one. */
const shares =
  /(efficiency|losses|share|soc|load|albedo|taperPower|maxRaise|^selfDischargePer[a-z]+|^temperatureCoefficientPerC)$/i
/** Names of what is counted in money. */
const money = /(cost|price)/i

/** Unit that a name says of its number; empty without one. */
export function unitOf(name: string): string {
  const found = endings.find(([ending]) => name.endsWith(ending) && name.length > ending.length)
  return found?.[1] ?? ''
}

/** `hubHeightM` as a person reads it, where there is no word for it: `Hub height`. */
export function plainName(name: string): string {
  const ending = endings.find(([own]) => name.endsWith(own) && name.length > own.length)
  const base = ending && !ending[0].startsWith('Per') ? name.slice(0, -ending[0].length) : name
  const words = base.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const mostText = 2000

/** What a site file says of an asset, a line each; what has parts is told part by part. Money is in the currency of the site. */
export function fieldLines(fields: Readonly<Record<string, unknown>>, currency: string): readonly FieldLine[] {
  const walk = (of: Readonly<Record<string, unknown>>, before: readonly string[]): readonly FieldLine[] =>
    Object.entries(of).flatMap(([name, value]): readonly FieldLine[] => {
      if (value === null || value === undefined) return []
      const names = [...before, name]
      if (typeof value === 'object' && !Array.isArray(value) && names.length < 3) {
        return walk(value as Readonly<Record<string, unknown>>, names)
      }
      return [{ path: names.join('.'), names, value: fieldValue(name, value, currency) }]
    })
  return walk(fields, [])
}

function fieldValue(name: string, value: unknown, currency: string): FieldValue {
  if (typeof value === 'number') {
    if (shares.test(name) && Math.abs(value) <= 1)
      return { kind: 'number', value: value * 100, unit: `%${unitOf(name)}` }
    return { kind: 'number', value, unit: `${money.test(name) ? currency : ''}${unitOf(name)}` }
  }
  if (typeof value === 'boolean') return { kind: 'truth', value }
  if (typeof value === 'string') return { kind: 'text', text: value }
  const list = Array.isArray(value) ? value : [value]
  if (list.length > 0 && list.every((own) => typeof own === 'number')) {
    return { kind: 'numbers', count: list.length, low: Math.min(...list), high: Math.max(...list) }
  }
  return { kind: 'list', count: list.length, text: JSON.stringify(value, undefined, 1).slice(0, mostText) }
}
