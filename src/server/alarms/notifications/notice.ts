import { createHash } from 'node:crypto'
import { type AlarmRule, type AlarmsSection, stateName } from '../../../alarms/index.ts'
import { formatIso, type Site } from '../../../kernel/index.ts'
import type { AlarmChange } from '../alarm-log.ts'

/** One message to one recipient by one way. */
export interface Notice {
  /** The same for the same message whoever makes it, and however often. */
  readonly id: string
  readonly site: string
  readonly alarm: string
  readonly why: 'announced' | 'escalated'
  readonly way: 'email' | 'webhook'
  /** Address of the one way or of the other. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

interface NoticeParts {
  readonly site: Site
  readonly section: AlarmsSection
  readonly rules: ReadonlyMap<string, AlarmRule>
}

/** What a line of the log has to say to whom. */
export function noticesOf({ event, before, after }: AlarmChange, parts: NoticeParts): readonly Notice[] {
  const rule = parts.rules.get(event.alarm)
  if (!rule || !after) return []
  if (event.kind === 'escalated') {
    return noticesTo(
      [event.to],
      `escalated-${event.announcement}-${event.level}`,
      { event, before, after },
      rule,
      parts,
    )
  }
  // One a window, by the fold: a value that flaps is told once.
  if (after.notifications === (before?.notifications ?? 0)) return []
  return noticesTo(rule.notify, `announced-${after.notifiedMs}`, { event, before, after }, rule, parts)
}

function noticesTo(
  recipients: readonly string[],
  what: string,
  { event, after }: AlarmChange,
  rule: AlarmRule,
  { site, section }: NoticeParts,
): readonly Notice[] {
  const why = event.kind === 'escalated' ? 'escalated' : 'announced'
  const sinceMs = after?.raisedMs ?? event.atMs
  const value = after?.value ?? null
  const facts = {
    ...{ site: site.id, siteName: site.name, alarm: rule.id, title: rule.title, priority: rule.priority },
    ...{ point: rule.point, value, unit: rule.unit, since: formatIso(sinceMs, site.zone), why },
    ...{ state: after ? stateName(after) : 'normal', message: rule.message, action: rule.action },
    consequence: rule.consequence ?? null,
    explanation: after?.words ?? null,
  }
  const lines = [
    rule.message,
    after?.words ?? undefined,
    `Point: ${rule.point}${value === null ? '' : `, ${value} ${rule.unit}`}`,
    `Since: ${facts.since}`,
    `What to do: ${rule.action}`,
    rule.consequence === undefined ? undefined : `What follows otherwise: ${rule.consequence}`,
    why === 'escalated' ? 'Nobody has acknowledged it in time.' : undefined,
  ]
  const subject = `${why === 'escalated' ? 'Not acknowledged: ' : ''}${rule.title} (${rule.priority}) at ${site.name}`
  return [...new Set(recipients)].flatMap((name) => {
    const { email = [], webhook } = section.recipients?.[name] ?? {}
    const ways = [
      ...email.map((to) => ({ way: 'email' as const, to })),
      ...(webhook === undefined ? [] : [{ way: 'webhook' as const, to: webhook }]),
    ]
    return ways.map(({ way, to }): Notice => {
      const id = createHash('sha256').update([site.id, rule.id, what, way, to].join('\n')).digest('hex').slice(0, 40)
      const text = lines.filter((line) => line !== undefined).join('\n')
      return { id, site: site.id, alarm: rule.id, why, way, to, subject, text, body: { id, ...facts } }
    })
  })
}
