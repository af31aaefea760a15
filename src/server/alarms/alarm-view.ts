import Type, { type Static } from 'typebox'
import {
  type AlarmRule,
  type AlarmState,
  alarmStates,
  priorities,
  stateName,
  unknownAlarm,
} from '../../alarms/index.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

/** An alarm as the API shows it. */
export const AlarmSchema = Type.Object(
  {
    id: Type.String({ description: '`<site>:<alarm>`' }),
    site: Type.String(),
    alarm: Type.String(),
    title: Type.String(),
    point: Type.String({ description: '`<asset>.<point>`' }),
    unit: Type.String(),
    priority: Type.Enum([...priorities]),
    state: Type.Enum([...alarmStates], { description: 'Of ISA-18.2' }),
    condition: Type.Boolean({ description: 'Whether its condition counts now, whatever operators did' }),
    message: Type.String(),
    action: Type.String({ description: 'What the operator has to do' }),
    consequence: orNull(Type.String()),
    respondWithinMs: time('Time to respond'),
    raisedMs: time('In the time of the field'),
    clearedMs: time('In the time of the field'),
    announcedMs: time('When operators were last told'),
    shelvedUntilMs: time('When shelving ends by itself'),
    shelveAtMostMs: Type.Number(),
    value: time('Of the point when it was raised'),
    explanation: orNull(Type.String()),
    escalated: Type.Integer({ description: 'Levels of escalation that it has gone through' }),
    user: orNull(Type.String({ description: 'Who did something about it last' })),
    comment: orNull(Type.String()),
  },
  { title: 'Alarm' },
)
export type AlarmView = Static<typeof AlarmSchema>

export const alarmId = (site: string, alarm: string): string => `${site}:${alarm}`

export function alarmView(site: string, rule: AlarmRule, known: AlarmState | undefined): AlarmView {
  const state = known ?? unknownAlarm(rule.id)
  const { condition, raisedMs, clearedMs, announcedMs, shelvedUntilMs, value, words, escalated, user, comment } = state
  return {
    ...{ id: alarmId(site, rule.id), site, alarm: rule.id, title: rule.title, point: rule.point, unit: rule.unit },
    ...{ priority: rule.priority, state: stateName(state), condition, message: rule.message, action: rule.action },
    consequence: rule.consequence ?? null,
    respondWithinMs: rule.respondWithinMs ?? null,
    ...{ raisedMs, clearedMs, announcedMs, shelvedUntilMs, shelveAtMostMs: rule.shelveAtMostMs, value },
    ...{ explanation: words, escalated, user, comment },
  }
}
