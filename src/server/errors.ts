import { defineErrors } from '../kernel/index.ts'

export const serverErrors = defineErrors('server', {
  badRequest: { status: 400, title: 'Request is malformed' },
  badInput: { status: 422, title: 'Input does not match the schema' },
  notFound: { status: 404, title: 'There is nothing at this address' },
  unknownEngine: { status: 404, title: 'Engine is unknown' },
  unknownSite: { status: 404, title: 'Site is unknown' },
  unknownPoint: { status: 404, title: 'Point is unknown' },
  unknownJob: { status: 404, title: 'Job is unknown' },
  noPlan: { status: 404, title: 'No plan has been published yet' },
  hostRefused: { status: 421, title: 'This server does not answer for that host' },
  originRefused: { status: 403, title: 'The request comes from another site' },
  methodNotAllowed: { status: 405, title: 'Method is not allowed here' },
  tooLarge: { status: 413, title: 'Request is too large' },
  mediaType: { status: 415, title: 'Media type is not supported' },
  busy: { status: 503, title: 'Too many jobs are waiting' },
  cancelled: { status: 409, title: 'The job was cancelled' },
  threadLost: { status: 500, title: 'The run broke its thread' },
  outOfMemory: { status: 500, title: 'The run needed too much memory' },
  unexpected: { status: 500, title: 'Something unexpected happened' },
  portInUse: { status: 500, title: 'The port cannot be used' },
  badHost: { status: 500, title: 'The address cannot be used' },
})
