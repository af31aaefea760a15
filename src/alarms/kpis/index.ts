export { type AlarmKpis, alarmKpis, type KpiPeriod } from './alarm-kpis.ts'
export { KpisSchema } from './kpi-schema.ts'
export { floodAbove, priorityShares, targets } from './targets.ts'
