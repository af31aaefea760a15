import { defineErrors } from '../kernel/index.ts'

export const gatewayErrors = defineErrors('gateway', {
  // Of a whole body: nothing of it is kept.
  badBody: { status: 400, title: 'The body cannot be read' },
  badEncoding: { status: 400, title: 'The body cannot be decompressed' },
  tooLarge: { status: 413, title: 'The body is too large' },
  mediaType: { status: 415, title: 'No format of observations has this media type' },
  contentEncoding: { status: 415, title: 'The compression of the body is not known' },
  busy: { status: 503, title: 'Too many bodies are waiting' },
  threadLost: { status: 500, title: 'The body broke the thread that read it' },
  // Of a connection: it is not begun.
  badTopic: { status: 400, title: 'The topic cannot be used' },
  badSettings: { status: 400, title: 'The connection cannot be set up' },
  // Of a device or a peer.
  noLink: { status: 503, title: 'The device cannot be reached' },
  writeRefused: { status: 502, title: 'The device does not take the setpoint' },
  badFrame: { status: 502, title: 'What the device sent cannot be understood' },
  spoolFull: { status: 507, title: 'There is no room for what waits' },
  spoolDamaged: { status: 500, title: 'What waited is damaged' },
  // Of one observation: the others are kept.
  foreignTopic: { status: 422, title: 'The topic is none of those listened to' },
  badRow: { status: 422, title: 'An observation cannot be read' },
  missingField: { status: 422, title: 'A field is missing' },
  unknownField: { status: 422, title: 'A field is not known' },
  badTime: { status: 422, title: 'Not a time' },
  noOffset: { status: 422, title: 'A time has no offset' },
  implausibleTime: { status: 422, title: 'The event time is not plausible' },
  notANumber: { status: 422, title: 'A value is not a number' },
  notFinite: { status: 422, title: 'A value is not finite' },
  badQuality: { status: 422, title: 'A quality is not known' },
  qualityContradicts: { status: 422, title: 'Value and quality contradict each other' },
  badName: { status: 422, title: 'A name cannot be used' },
  tooManyRows: { status: 413, title: 'Too many observations in one body' },
  tooManyNames: { status: 413, title: 'Too many different names in one body' },
})
