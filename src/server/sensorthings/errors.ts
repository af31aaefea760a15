import { defineErrors } from '../../kernel/index.ts'

export const sensorThingsErrors = defineErrors('sensorthings', {
  badPath: { status: 400, title: 'Address cannot be read' },
  badOption: { status: 400, title: 'Query option cannot be read' },
  badFilter: { status: 400, title: 'Filter cannot be read' },
  tooDeep: { status: 400, title: 'Query is too deep' },
  unknownEntity: { status: 404, title: 'Entity is unknown' },
  tooMuch: { status: 422, title: 'Too much is asked at once' },
  badEntity: { status: 422, title: 'Entity cannot be read' },
  notKept: { status: 422, title: 'Entity cannot be kept as it is' },
  notCreated: { status: 405, title: 'Entity is not made here' },
  notRemoved: { status: 405, title: 'Entity is not removed here' },
})
