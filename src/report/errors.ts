import { defineErrors } from '../kernel/index.ts'

export const reportErrors = defineErrors('report', {
  badDocument: { status: 500, title: 'A report does not have the form of one' },
  noReport: { status: 422, title: 'There is no report of runs of this engine' },
})
