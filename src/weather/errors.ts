import { defineErrors } from '../kernel/index.ts'

/** What can be wrong with weather that a user hands in. */
export const weatherErrors = defineErrors('weather', {
  fileMalformed: { status: 422, title: 'Weather file is not of the expected form' },
  columnMissing: { status: 422, title: 'Weather file lacks a column' },
  valueInvalid: { status: 422, title: 'Weather value cannot be read' },
  yearIncomplete: { status: 422, title: 'Weather file does not hold a whole year of hours' },
  sourceAmbiguous: { status: 422, title: 'Weather comes from two places' },
  normalsInvalid: { status: 422, title: 'Climate normals are not usable' },
  gridUnsupported: { status: 422, title: 'Time step is not supported for weather' },
})
