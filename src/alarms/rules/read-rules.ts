import {
  checkExpression,
  type ExpressionScope,
  MangroveError,
  type Problem,
  parseDuration,
  parseExpression,
  parseQuantity,
  quality,
  refsOf,
  type SectionPoints,
  type Site,
} from '../../kernel/index.ts'
import { alarmErrors } from '../errors.ts'
import type { AlarmsSection, WrittenCondition, WrittenRule } from '../schema.ts'
import type { AlarmRule, Condition } from './alarm-rule.ts'

const minuteMs = 60_000
const usual = { shelveAtMostMs: 8 * 60 * minuteMs, notifyWindowMs: 15 * minuteMs, falseAlarmDaysPerYear: 12 } as const

export interface ReadRules {
  readonly rules: readonly AlarmRule[]
  /** Paths in places are relative to the section. */
  readonly problems: readonly Problem[]
}

/** The section `alarms` of a site; empty where it has none. */
export const alarmsOf = (site: Site): AlarmsSection => (site.sections.alarms ?? {}) as AlarmsSection

/**
 * Reads the alarms of a site: durations and quantities become numbers, expressions are checked, and every point and recipient
 * that is named has to be there. An alarm on a point that went with an asset is left out.
 */
export function readRules(site: Site, points: SectionPoints): ReadRules {
  const section = alarmsOf(site)
  const problems: Problem[] = []
  const rules: AlarmRule[] = []
  for (const [id, written] of Object.entries(section.rules ?? {})) {
    const named = namedPoints(written)
    if (named.some((ref) => points.isGone(ref))) continue
    const reader = createReader(`rules.${id}`, problems)
    const rule = readRule(id, written, { site, section, points, reader })
    if (reader.isSound() && rule) rules.push(rule)
  }
  return { rules, problems }
}

interface Reader {
  refuse(field: string, detail: string, more?: { readonly found?: unknown; readonly expected?: string }): void
  /** What `read` returns; its problem, with the place, where it throws one. */
  attempt<T>(field: string, read: () => T): T | undefined
  duration(field: string, text: string | undefined): number | undefined
  isSound(): boolean
}

function createReader(path: string, problems: Problem[]): Reader {
  let sound = true
  const add = (problem: Problem): void => {
    sound = false
    problems.push(problem)
  }
  const reader: Reader = {
    refuse: (field, detail, more = {}) =>
      add(alarmErrors.badRule.problem({ detail, place: { path: `${path}.${field}` }, ...more })),
    attempt(field, read) {
      try {
        return read()
      } catch (error) {
        if (!(error instanceof MangroveError)) throw error
        for (const problem of error.problems) add({ ...problem, place: { path: `${path}.${field}` } })
        return undefined
      }
    },
    duration: (field, text) => (text === undefined ? undefined : reader.attempt(field, () => parseDuration(text))),
    isSound: () => sound,
  }
  return reader
}

/** Text of a comparison as an expression of the kernel: 1 where it holds, else 0. */
const asNumber = (comparison: string): string => `if(${comparison}, 1, 0)`

function namedPoints({ point, when, suppressWhile }: WrittenRule): readonly string[] {
  const refs = [point, ...(when.other === undefined ? [] : [when.other])]
  if (suppressWhile === undefined) return refs
  try {
    return [...refs, ...refsOf(parseExpression(asNumber(suppressWhile)))]
  } catch {
    // Told where it is read.
    return refs
  }
}

interface RuleParts {
  readonly site: Site
  readonly section: AlarmsSection
  readonly points: SectionPoints
  readonly reader: Reader
}

function readRule(id: string, written: WrittenRule, parts: RuleParts): AlarmRule | undefined {
  const { site, section, points, reader } = parts
  const unit = points.unitOf(written.point)
  if (unit === undefined) {
    reader.refuse('point', 'The site has no such point', { found: written.point, expected: '<asset>.<point>' })
    return undefined
  }
  const recipients = Object.keys(section.recipients ?? {})
  const known = (field: string, name: string): void => {
    if (recipients.includes(name)) return
    const expected = recipients.join(', ') || 'a recipient under alarms.recipients'
    reader.refuse(field, 'There is no such recipient', { found: name, expected })
  }
  for (const [index, name] of (written.notify ?? []).entries()) known(`notify.${index}`, name)
  for (const [index, { to }] of (written.escalate ?? []).entries()) known(`escalate.${index}.to`, to)
  const escalate = (written.escalate ?? []).map(({ after, to }, index) => ({
    afterMs: reader.duration(`escalate.${index}.after`, after) ?? 0,
    to,
  }))
  const scope: ExpressionScope = { unitOf: points.unitOf, currency: site.currency }
  const { suppressWhile: comparison, consequence } = written
  const suppressWhile =
    comparison === undefined
      ? undefined
      : reader.attempt('suppressWhile', () => checkExpression(asNumber(comparison), { ...scope, unit: '1' }))
  const respondWithinMs = reader.duration('respondWithin', written.respondWithin)
  const when = readCondition(written.when, unit, parts)
  if (!when) return undefined
  return {
    id,
    title: written.title ?? id,
    point: written.point,
    unit,
    priority: written.priority as AlarmRule['priority'],
    when,
    onDelayMs: reader.duration('onDelay', written.onDelay) ?? 0,
    offDelayMs: reader.duration('offDelay', written.offDelay) ?? 0,
    message: written.message,
    action: written.action,
    ...(consequence === undefined ? {} : { consequence }),
    ...(respondWithinMs === undefined ? {} : { respondWithinMs }),
    latching: written.latching ?? false,
    ...(suppressWhile ? { suppressWhile } : {}),
    shelveAtMostMs: reader.duration('shelveAtMost', written.shelveAtMost) ?? usual.shelveAtMostMs,
    notify: written.notify ?? [],
    notifyWindowMs: reader.duration('notifyWindow', written.notifyWindow) ?? usual.notifyWindowMs,
    escalate: escalate.toSorted((a, b) => a.afterMs - b.afterMs),
  }
}

/** Fields of a condition besides its kind, by kind: those with `!` are needed. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  'high-high': ['limit!', 'deadband'],
  high: ['limit!', 'deadband'],
  low: ['limit!', 'deadband'],
  'low-low': ['limit!', 'deadband'],
  rate: ['limit!', 'within!', 'direction'],
  deviation: ['limit!', 'deadband', 'other!'],
  state: ['is'],
  stale: ['after!'],
  'bad-quality': ['quality'],
  anomaly: ['falseAlarmDaysPerYear'],
}

function readCondition(written: WrittenCondition, unit: string, { points, reader }: RuleParts): Condition | undefined {
  const kind = written.kind as Condition['kind']
  const fields = fieldsOf[kind] ?? []
  const names = fields.map((field) => field.replace('!', ''))
  for (const name of Object.keys(written).filter((key) => key !== 'kind' && !names.includes(key))) {
    reader.refuse(`when.${name}`, `A condition of the kind ${kind} has no such field`, { expected: names.join(', ') })
  }
  for (const field of fields.filter((name) => name.endsWith('!'))) {
    const name = field.slice(0, -1)
    if (!Object.hasOwn(written, name))
      reader.refuse('when', `A condition of the kind ${kind} needs the field "${name}"`)
  }
  if (!reader.isSound()) return undefined
  const amount = (field: string, value: number | string | undefined, least?: number): number => {
    if (value === undefined) return 0
    // A distance of temperatures is one of kelvins.
    const inUnit = least !== undefined && unit === 'degC' ? 'K' : unit
    const read = typeof value === 'number' ? value : reader.attempt(`when.${field}`, () => parseQuantity(value, inUnit))
    if (read !== undefined && (!Number.isFinite(read) || (least !== undefined && read < least))) {
      reader.refuse(`when.${field}`, 'The value is out of range', {
        found: read,
        expected: `${least ?? 'a number'} or more`,
      })
    }
    return read ?? 0
  }
  const condition = conditionOf(kind, written, { unit, points, reader, amount })
  return reader.isSound() ? condition : undefined
}

interface ConditionParts {
  readonly unit: string
  readonly points: SectionPoints
  readonly reader: Reader
  amount(field: string, value: number | string | undefined, least?: number): number
}

function conditionOf(
  kind: Condition['kind'],
  written: WrittenCondition,
  { unit, points, reader, amount }: ConditionParts,
): Condition {
  switch (kind) {
    case 'rate':
      return {
        kind,
        limit: amount('limit', written.limit, 0),
        withinMs: reader.duration('when.within', written.within) ?? 0,
        direction: (written.direction ?? 'either') as 'either',
      }
    case 'deviation': {
      const other = written.other!
      const otherUnit = points.unitOf(other)
      if (otherUnit !== unit) {
        const detail = otherUnit === undefined ? 'The site has no such point' : 'Both points must have the same unit'
        reader.refuse('when.other', detail, { found: otherUnit ?? other, expected: `a point in ${unit}` })
      }
      return {
        kind,
        other,
        limit: amount('limit', written.limit, 0),
        deadband: amount('deadband', written.deadband, 0),
      }
    }
    case 'state':
      return { kind, is: written.is ?? 1 }
    case 'stale':
      return { kind, afterMs: reader.duration('when.after', written.after) ?? 0 }
    case 'bad-quality':
      return { kind, worstAllowed: (written.quality === 'missing' ? quality.missing : quality.suspect) - 1 }
    case 'anomaly':
      return { kind, falseAlarmDaysPerYear: written.falseAlarmDaysPerYear ?? usual.falseAlarmDaysPerYear }
    default:
      return { kind, limit: amount('limit', written.limit), deadband: amount('deadband', written.deadband, 0) }
  }
}
