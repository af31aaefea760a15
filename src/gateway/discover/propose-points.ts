import { stringify } from 'yaml'
import { conversion, parseUnit } from '../../kernel/index.ts'
import type { Proposal } from '../modbus/index.ts'

/** Something that a source tells, which may be a point. */
export interface FoundPoint {
  /** As its maker calls it; what of it can be part of a name is. */
  readonly name: string
  readonly title: string
  /** As the source tells it; undefined: it does not. */
  readonly unit: string | undefined
  /** The entry under `points` of the gateway. */
  readonly use: unknown
}

/** A source, and the gateway that reads it. */
export interface FoundSource {
  /** What its points belong to. */
  readonly group: string
  /** Name of the gateway. */
  readonly gateway: string
  /** Settings of the gateway, without its points. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly points: readonly FoundPoint[]
  readonly remarks: readonly string[]
}

/**
 * Proposes points and gateways for sources. For which machine of the site a point stands only its owner knows, so all of a source is a
 * group; a unit that it does not tell is a remark.
 */
export function proposePoints(sources: readonly FoundSource[], taken: ReadonlySet<string> = new Set()): Proposal {
  const used = new Set(taken)
  const points: Record<string, { title: string; unit: string }> = {}
  const gateways: Record<string, unknown> = {}
  const remarks: string[] = []
  for (const source of sources) {
    remarks.push(...source.remarks)
    if (source.points.length === 0) continue
    const group = freeName(slug(source.group, 'source'), used)
    const own: Record<string, unknown> = {}
    const names = new Set<string>()
    for (const { name, title, unit, use } of source.points) {
      const ref = `${group}.${freeName(pointName(name), names)}`
      const known = unit !== undefined && isUnit(unit)
      if (unit !== undefined && !known) remarks.push(`points.${ref}: its unit "${unit}" is none that is known here`)
      else if (unit === undefined) remarks.push(`points.${ref}: its unit is not told; say it`)
      points[ref] = { title: printable(title) || ref, unit: known ? unit : '1' }
      own[ref] = use
    }
    gateways[freeName(slug(source.gateway, 'gateway'), used)] = { ...source.settings, points: own }
  }
  const parts = { assets: {}, points, gateways }
  const filled = Object.fromEntries(
    Object.entries({ points, gateways }).filter(([, part]) => Object.keys(part).length > 0),
  )
  const head = remarks.map((remark) => `# ${printable(remark)}\n`).join('')
  return { ...parts, yaml: head + (Object.keys(filled).length > 0 ? stringify(filled) : '') }
}

function isUnit(unit: string): boolean {
  try {
    parseUnit(unit)
    conversion(unit, unit)
    return true
  } catch {
    return false
  }
}

/** What stands in a device goes into a file and to a terminal here: no control character may. */
export const printable = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 120)

/** Words of a text, in small letters with dashes: `Main AHU #2` is `main-ahu-2`. */
export function slug(text: string, otherwise: string): string {
  const words =
    text
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  const name = words.join('-').slice(0, 40).replace(/-$/, '')
  return /^[a-z]/.test(name) ? name : name === '' ? otherwise : `${otherwise}-${name}`
}

/** Words of a text as the name of a point: `Supply Air/Temp` is `supplyAirTemp`. */
export function pointName(text: string): string {
  const words = text.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? []
  const [first = 'value', ...rest] = words
  const name = [
    first[0]!.toLowerCase() + first.slice(1),
    ...rest.map((word) => word[0]!.toUpperCase() + word.slice(1)),
  ].join('')
  return (/^[a-z]/.test(name) ? name : `p${name}`).slice(0, 60)
}

/** @returns the wish, with a number where it is taken */
function freeName(wish: string, taken: Set<string>): string {
  let name = wish
  for (let number = 2; taken.has(name); number += 1) name = `${wish}-${number}`
  taken.add(name)
  return name
}
