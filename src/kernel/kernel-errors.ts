import { defineErrors } from './errors.ts'

export const kernelErrors = defineErrors('kernel', {
  badDuration: { status: 422, title: 'Not a duration' },
  badTime: { status: 422, title: 'Not a time' },
  badZone: { status: 422, title: 'Not a time zone' },
  badUnit: { status: 422, title: 'Not a unit' },
  badQuantity: { status: 422, title: 'Not a quantity' },
  unitMismatch: { status: 422, title: 'Units of different dimension' },
  badDocument: { status: 422, title: 'The site file cannot be read' },
  missingField: { status: 422, title: 'A field is missing' },
  unknownField: { status: 422, title: 'A field is not known' },
  badValue: { status: 422, title: 'A value is not as it should be' },
  outOfRange: { status: 422, title: 'A value is out of range' },
  unknownKind: { status: 422, title: 'A kind of asset is not known' },
  badSeries: { status: 422, title: 'A series cannot be read' },
  columnMissing: { status: 422, title: 'A column is missing' },
  badStamp: { status: 422, title: 'A time stamp cannot be read' },
  stampOrder: { status: 422, title: 'Time stamps are out of order' },
  stampTwice: { status: 422, title: 'A time stamp stands twice' },
  stampOffGrid: { status: 422, title: 'A time stamp does not fit the step' },
  badNumber: { status: 422, title: 'A value of a file is not a number' },
  badInput: { status: 422, title: 'Input does not fit the engine' },
  badOutput: { status: 500, title: 'An engine returned what it did not promise' },
  notJson: { status: 500, title: 'A value has no canonical JSON' },
  unknownRun: { status: 404, title: 'No such run' },
  evidenceIncomplete: { status: 409, title: 'Evidence does not hold what a replay needs' },
  otherVersion: { status: 409, title: 'The run was made by another version of the engine' },
})

/** One entry of the catalogue. */
export type Catalogued = (typeof kernelErrors)[keyof typeof kernelErrors]
