import { defineErrors } from '../kernel/index.ts'

export const alarmErrors = defineErrors('alarms', {
  badRule: { status: 422, title: 'An alarm is described wrongly' },
  badHistory: { status: 422, title: 'There is nothing to learn from' },
  badPeriod: { status: 422, title: 'The period cannot be used' },
})
