import { energyPack } from '../energy/index.ts'
import { computedPoints, readSite, type Site } from '../kernel/index.ts'
import type { Rows } from './evaluate/index.ts'
import { alarmsPack } from './pack.ts'
import { type AlarmRule, readRules } from './rules/index.ts'

export const beginMs = Date.UTC(2026, 6, 6)
export const secondMs = 1000
export const minuteMs = 60_000

/** A small site whose alarms are given as YAML below `rules:`. */
export function siteWith(rules: string, more = ''): Site {
  return readSite(
    `
id: park
name: Park
location: { latitude: 31, longitude: 119 }
zone: Asia/Shanghai
currency: CNY
assets:
  hall: { kind: load, demand: 100 }
  chiller: { kind: load, demand: 50 }
points:
  hall.feedKw: { unit: kW }
  hall.otherKw: { unit: kW }
  hall.doorOpen: { unit: "1" }
  chiller.flow: { unit: m3/h }
  hall.bothKw: { unit: kW, expression: hall.feedKw + hall.otherKw }
alarms:
  recipients:
    operators: { email: [ops@park.example] }
    manager: { webhook: "https://park.example/alarms" }
  rules:
${rules.replace(/^/gm, '    ')}
${more}
`,
    { file: 'park.yaml', packs: [energyPack, alarmsPack] },
  )
}

/** One rule, from fields in YAML flow style. */
export const rule = (id: string, fields: string): string =>
  `${id}: { priority: high, message: It is so, action: Do something, ${fields} }`

export function unitsOf(site: Site): { unitOf(ref: string): string | undefined; isGone(ref: string): boolean } {
  const declared = new Map(
    Object.entries((site.sections.points ?? {}) as Record<string, { unit: string }>).map(([ref, { unit }]) => [
      ref,
      unit,
    ]),
  )
  return { unitOf: (ref) => declared.get(ref) ?? (ref.endsWith('Kw') ? 'kW' : undefined), isGone: () => false }
}

export const rulesOf = (site: Site): readonly AlarmRule[] => readRules(site, unitsOf(site)).rules
export const computedOf = computedPoints

/** `[point, seconds after the begin, value, quality]` */
export type Row = readonly [point: string, seconds: number, value: number, quality?: number]

export function rowsOf(rows: readonly Row[], site = 'park'): Rows {
  const points = [...new Set(rows.map(([point]) => point))]
  return {
    count: rows.length,
    series: points.map((point) => ({ site, point })),
    seriesOf: Uint32Array.from(rows, ([point]) => points.indexOf(point)),
    timestampsMs: Float64Array.from(rows, ([, seconds]) => beginMs + seconds * secondMs),
    values: Float64Array.from(rows, ([, , value]) => value),
    quality: Uint8Array.from(rows, ([, , value, code]) => code ?? (Number.isNaN(value) ? 4 : 0)),
  }
}
