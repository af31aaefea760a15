export type { AlarmEvent, AlarmEventKind } from './alarm-event.ts'
export { type AlarmState, type AlarmStateName, alarmStates, isHidden, stateName, unknownAlarm } from './alarm-state.ts'
export { type AlarmStates, applyEvent, foldLog } from './apply-event.ts'
export { dueEvents, eventOf } from './due-events.ts'
