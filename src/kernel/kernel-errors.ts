import { defineErrors } from './errors.ts'

export const kernelErrors = defineErrors('kernel', {
  badDuration: { status: 422, title: 'Not a duration' },
  badTime: { status: 422, title: 'Not a time' },
  badZone: { status: 422, title: 'Not a time zone' },
})
