import { defineErrors } from '../errors.ts'

export const pointErrors = defineErrors('kernel', {
  pointCycle: { status: 422, title: 'Computed points go round in a circle' },
})
