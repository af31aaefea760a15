import { drawsPower } from '../../energy/vocabulary.ts'
import {
  checkExpression,
  convert,
  declaredPoints,
  type PointDeclaration,
  type Problem,
  parseExpression,
  refsOf,
  type SectionPoints,
  type Site,
} from '../../kernel/index.ts'
import { commandErrors } from '../errors.ts'
import type { CommandsSection, WrittenInterlock, WrittenSetpoint } from '../schema.ts'
import type { CommandRules, ConnectionRule, InterlockRule, SetpointRule } from './command-rules.ts'
import { createProblemReader, type ProblemReader } from './problem-reader.ts'

const usual = { watchdogMs: 30 * 60_000, staleMs: 60_000, minIntervalMs: 1000, withinMs: 30_000 } as const

export interface ReadCommands {
  /** Undefined where the site commands nothing. */
  readonly rules: CommandRules | undefined
  /** Paths in places are relative to the section. */
  readonly problems: readonly Problem[]
}

/** The section `commands` of a site; undefined where it has none. */
export const commandsOf = (site: Site): CommandsSection | undefined =>
  site.sections.commands as CommandsSection | undefined

/** Text of a comparison as an expression of the kernel: 1 where it holds, else 0. */
export const asNumber = (comparison: string): string => `if(${comparison}, 1, 0)`

/**
 * Reads what a site commands: durations and quantities become numbers, and every point, asset and gateway that is named has to
 * be there. A setpoint that went with an asset is left out.
 */
export function readCommands(site: Site, points: SectionPoints): ReadCommands {
  const section = commandsOf(site)
  if (!section) return { rules: undefined, problems: [] }
  const problems: Problem[] = []
  const whole = createProblemReader('', problems)
  const staleMs = whole.duration('staleAfter', section.staleAfter) ?? usual.staleMs
  const setpoints: SetpointRule[] = []
  for (const [id, written] of Object.entries(section.setpoints)) {
    if (namedPoints(written).some((ref) => points.isGone(ref))) continue
    const reader = createProblemReader(`setpoints.${id}`, problems)
    const rule = readSetpoint(id, written, { site, points, reader, staleMs })
    const twin = rule && setpoints.find(({ ref }) => ref === rule.ref)
    if (twin) reader.refuse('point', `The setpoint ${twin.id} commands this point already`, { found: rule.ref })
    else if (rule) setpoints.push(rule)
  }
  const inputs = (section.inputs ?? []).filter((ref) => !points.isGone(ref))
  for (const [index, ref] of (section.inputs ?? []).entries()) {
    if (inputs.includes(ref)) whole.knownUnit(`inputs.${index}`, ref, points)
  }
  const connection = connectionOf(site, points)
  const named = [...inputs, ...setpoints.flatMap(refsOfSetpoint), ...(connection ? [connection.ref] : [])]
  return {
    rules: {
      site: site.id,
      zone: site.zone,
      currency: site.currency,
      watchdogMs: whole.duration('watchdog', section.watchdog) ?? usual.watchdogMs,
      staleMs,
      inputs,
      connection,
      ...namedIn(site, points, named),
      setpoints,
    },
    problems,
  }
}

/** Points that a setpoint names, itself among them. */
function namedPoints({ point, readBack, interlocks = {} }: WrittenSetpoint): readonly string[] {
  const ofInterlocks = Object.values(interlocks).flatMap((interlock) => {
    try {
      return refsOf(parseExpression(asNumber(interlock.while)))
    } catch {
      // Told where it is read.
      return []
    }
  })
  return [point, ...(readBack ? [readBack.point] : []), ...ofInterlocks]
}

const refsOfSetpoint = ({ ref, readBack, interlocks }: SetpointRule): readonly string[] => [
  ref,
  ...(readBack ? [readBack.ref] : []),
  ...interlocks.flatMap((interlock) => refsOf(parseExpression(asNumber(interlock.while)))),
]

/** Units of the named points and of what they are computed from, down to the last, with the declarations of the latter. */
function namedIn(
  site: Site,
  points: SectionPoints,
  named: readonly string[],
): Pick<CommandRules, 'units' | 'computed'> {
  const declared = new Map(declaredPoints(site).map((point) => [point.ref, point]))
  const units: Record<string, string> = {}
  const computed: Record<string, PointDeclaration> = {}
  const open = [...named]
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (Object.hasOwn(units, ref)) continue
    units[ref] = points.unitOf(ref) ?? '1'
    const own = declared.get(ref)
    if (own?.expression === undefined) continue
    const { title, unit, role, ofKind, expression, inputs = {} } = own
    computed[ref] = { title, unit, role, ofKind, expression, inputs }
    open.push(...Object.keys(inputs))
  }
  return { units, computed }
}

function connectionOf(site: Site, points: SectionPoints): ConnectionRule | null {
  const grid = site.assets.find(({ kind }) => kind === 'grid')
  if (!grid || points.unitOf(`${grid.id}.powerKw`) !== 'kW') return null
  const limits = (site.sections.limits ?? {}) as { readonly importKw?: number; readonly exportKw?: number }
  const lower = (...values: readonly unknown[]): number | null => {
    const known = values.filter((value) => typeof value === 'number' && Number.isFinite(value)) as number[]
    return known.length === 0 ? null : Math.min(...known)
  }
  return {
    ref: `${grid.id}.powerKw`,
    importKw: lower(grid.importLimitKw, limits.importKw),
    exportKw: lower(grid.exportLimitKw, limits.exportKw),
  }
}

interface SetpointParts {
  readonly site: Site
  readonly points: SectionPoints
  readonly reader: ProblemReader
  readonly staleMs: number
}

function readSetpoint(id: string, written: WrittenSetpoint, parts: SetpointParts): SetpointRule | undefined {
  const { site, points, reader } = parts
  const unit = reader.knownUnit('point', written.point, points)
  if (unit === undefined) return undefined
  if (declaredPoints(site).some(({ ref, expression }) => ref === written.point && expression !== undefined)) {
    reader.refuse('point', 'A computed point cannot be commanded', { found: written.point })
  }
  const amount = (field: string, value: number | string | undefined, otherwise: number): number =>
    value === undefined ? otherwise : (reader.amount(field, value, unit) ?? otherwise)
  const positive = (field: string, value: number | string | undefined, least: number): number | undefined => {
    if (value === undefined) return undefined
    // A distance of temperatures is one of kelvins.
    const read = reader.amount(field, value, unit === 'degC' ? 'K' : unit)
    if (read !== undefined && read < least) {
      reader.refuse(field, 'The value is out of range', { found: read, expected: `${least} or more` })
    }
    return read
  }
  const least = amount('least', written.least, 0)
  const most = amount('most', written.most, 0)
  if (least > most)
    reader.refuse('least', 'The lowest is above the highest', { found: least, expected: `at most ${most}` })
  const within = (field: string, value: number): number => {
    if (value >= least && value <= most) return value
    reader.refuse(field, 'It lies outside the limits of the setpoint', {
      found: value,
      expected: `${least} to ${most} ${unit}`,
    })
    return value
  }
  const rampPerMinute = positive('rampPerMinute', written.rampPerMinute, 0) ?? null
  if (rampPerMinute === 0) {
    reader.refuse('rampPerMinute', 'A setpoint that may not change is none', { found: 0, expected: 'more than 0' })
  }
  const gateways = Object.keys((site.sections.gateways ?? {}) as object)
  if (written.gateway !== undefined && !gateways.includes(written.gateway)) {
    const expected = gateways.join(', ') || 'a gateway of the section gateways'
    reader.refuse('gateway', 'There is no such gateway', { found: written.gateway, expected })
  }
  const fallback = written.fallback
    .map(({ from, value }, index) => ({
      fromMinute: Number(from.slice(0, 2)) * 60 + Number(from.slice(3)),
      value: within(`fallback.${index}.value`, amount(`fallback.${index}.value`, value, 0)),
    }))
    .toSorted((a, b) => a.fromMinute - b.fromMinute)
  const interlocks = Object.entries(written.interlocks ?? {}).map(([key, one]) =>
    readInterlock(key, one, { ...parts, unit, within }),
  )
  const rule: SetpointRule = {
    ...{ id, title: written.title ?? id, ref: written.point, unit },
    ...followed(written, unit, parts),
    gateway: written.gateway ?? null,
    ...{ least, most, rampPerMinute },
    step: positive('step', written.step, 0) ?? 0,
    deadband: positive('deadband', written.deadband, 0) ?? 0,
    minIntervalMs: reader.duration('minInterval', written.minInterval) ?? usual.minIntervalMs,
    repeatMs: reader.duration('repeat', written.repeat) ?? null,
    readBack: readBackOf(written, unit, parts),
    interlocks,
    fallback,
  }
  return reader.isSound() ? rule : undefined
}

/** What of the plan is followed. */
function followed(
  { asset: named, follows, positive, point }: WrittenSetpoint,
  unit: string,
  { site, points, reader }: SetpointParts,
): Pick<SetpointRule, 'power' | 'follows'> {
  if (follows !== undefined) {
    const own = reader.knownUnit('follows', follows, points)
    if (own !== undefined && own !== unit) {
      reader.refuse('follows', 'The series has another unit than the point', { found: own, expected: unit })
    }
    if (named !== undefined)
      reader.refuse('asset', 'A series of the plan is followed', { expected: 'asset or follows' })
    return { power: null, follows }
  }
  const id = named ?? point.slice(0, point.indexOf('.'))
  const asset = site.assets.find((candidate) => candidate.id === id)
  if (!asset) {
    reader.refuse('asset', 'There is no such asset', {
      found: id,
      expected: site.assets.map((one) => one.id).join(', '),
    })
    return { power: null, follows: null }
  }
  const perKw = reader.attempt('point', () => convert(1, 'kW', unit)) ?? 1
  const draws = positive === undefined ? drawsPower(asset.kind) : positive === 'draws'
  return { power: { asset: id, perKw: draws ? -perKw : perKw }, follows: null }
}

function readBackOf(
  { readBack }: WrittenSetpoint,
  unit: string,
  { points, reader }: SetpointParts,
): SetpointRule['readBack'] {
  if (!readBack) return null
  const own = reader.knownUnit('readBack.point', readBack.point, points)
  if (own !== undefined && own !== unit) {
    reader.refuse('readBack.point', 'Both points must have the same unit', { found: own, expected: unit })
  }
  const tolerance = reader.amount('readBack.tolerance', readBack.tolerance, unit === 'degC' ? 'K' : unit) ?? 0
  if (tolerance < 0)
    reader.refuse('readBack.tolerance', 'The value is out of range', { found: tolerance, expected: '0 or more' })
  const withinMs = reader.duration('readBack.within', readBack.within) ?? usual.withinMs
  return { ref: readBack.point, tolerance, withinMs }
}

interface InterlockParts extends SetpointParts {
  readonly unit: string
  within(field: string, value: number): number
}

function readInterlock(id: string, written: WrittenInterlock, parts: InterlockParts): InterlockRule {
  const { site, points, reader, unit, within } = parts
  const path = `interlocks.${id}`
  const scope = { unitOf: points.unitOf, currency: site.currency, unit: '1' }
  reader.attempt(`${path}.while`, () => checkExpression(asNumber(written.while), scope))
  const value = (field: 'force' | 'least' | 'most'): number | null => {
    const own = written[field]
    if (own === undefined) return null
    const read = reader.amount(`${path}.${field}`, own, unit)
    return read === undefined ? null : within(`${path}.${field}`, read)
  }
  const [force, least, most] = [value('force'), value('least'), value('most')]
  const refuse = (detail: string): void =>
    reader.add(
      commandErrors.badInterlock.problem({ detail, place: reader.placeOf(path), expected: 'force, or least and most' }),
    )
  if (written.force === undefined && written.least === undefined && written.most === undefined) {
    refuse('It says nothing of the setpoint')
  }
  if (written.force !== undefined && (written.least !== undefined || written.most !== undefined)) {
    refuse('What forces a value needs no limits')
  }
  if (least !== null && most !== null && least > most) refuse('Its lowest is above its highest')
  const staleMs = reader.duration(`${path}.staleAfter`, written.staleAfter) ?? parts.staleMs
  return { id, title: written.title ?? id, while: written.while, force, least, most, staleMs }
}
