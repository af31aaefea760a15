import { defineErrors } from '../errors.ts'

export const expressionErrors = defineErrors('kernel', {
  badExpression: { status: 422, title: 'An expression cannot be read' },
  unknownPoint: { status: 422, title: 'A point is not known' },
})
