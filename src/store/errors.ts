import { defineErrors } from '../kernel/index.ts'

export const storeErrors = defineErrors('store', {
  locked: { status: 503, title: 'The data folder is in use by another process' },
  unreadable: { status: 500, title: 'The data folder cannot be opened' },
  newer: { status: 500, title: 'The data folder was written by a newer version' },
  damaged: { status: 500, title: 'A stored file was changed or cut off' },
  unreachable: { status: 503, title: 'The database server cannot be reached' },
  denied: { status: 503, title: 'The database server does not let us in' },
  busy: { status: 503, title: 'The database server did not come to it' },
  tooOld: { status: 500, title: 'The database server is too old' },
  full: { status: 507, title: 'The disk is full' },
  badObservation: { status: 422, title: 'Observation cannot be stored' },
  badRange: { status: 422, title: 'Range of time cannot be read' },
  tooMany: { status: 422, title: 'Too many values were asked for' },
  fileNotFound: { status: 404, title: 'File was not found' },
  fileOutside: { status: 403, title: 'File is outside the folder of the site' },
  siteUnknown: { status: 404, title: 'Site is unknown' },
  siteAmbiguous: { status: 500, title: 'Two sites have the same id' },
  evidenceDamaged: { status: 500, title: 'Evidence does not match its hash' },
  conflict: { status: 409, title: 'Somebody else changed it in the meantime' },
  badId: { status: 400, title: 'Identifier is malformed' },
})
