/** Which object of a device. */
export interface ObjectId {
  readonly type: number
  readonly instance: number
}

/** Types of objects that hold one value (ASHRAE 135-2020, clause 21, BACnetObjectType), and how a value of them is written. */
export const objectTypes = {
  'analog-input': { type: 0, tag: 4 },
  'analog-output': { type: 1, tag: 4 },
  'analog-value': { type: 2, tag: 4 },
  'binary-input': { type: 3, tag: 9 },
  'binary-output': { type: 4, tag: 9 },
  'binary-value': { type: 5, tag: 9 },
  'multi-state-input': { type: 13, tag: 2 },
  'multi-state-output': { type: 14, tag: 2 },
  'multi-state-value': { type: 19, tag: 2 },
  accumulator: { type: 23, tag: 2 },
  'integer-value': { type: 45, tag: 3 },
  'large-analog-value': { type: 46, tag: 5 },
  'positive-integer-value': { type: 48, tag: 2 },
} as const

export type ObjectTypeName = keyof typeof objectTypes

export const deviceType = 8
/** The instance that stands for any device. */
export const anyInstance = 4_194_303

/** Properties (clause 21, BACnetPropertyIdentifier). */
export const property = {
  modelName: 70,
  objectList: 76,
  objectName: 77,
  objectType: 79,
  presentValue: 85,
  reliability: 103,
  statusFlags: 111,
  units: 117,
  vendorName: 121,
} as const

const byType = new Map<number, ObjectTypeName>(
  Object.entries(objectTypes).map(([name, { type }]) => [type, name as ObjectTypeName]),
)

/** Reads `analog-input:1`; undefined for what is none. */
export function readObjectId(text: string): ObjectId | undefined {
  const [, name = '', number = ''] = /^([a-z-]+):(\d{1,7})$/.exec(text) ?? []
  const instance = Number(number)
  if (!Object.hasOwn(objectTypes, name) || instance >= anyInstance) return undefined
  return { type: objectTypes[name as ObjectTypeName].type, instance }
}

/** The text of an object; undefined for a type that holds no number. */
export function objectText({ type, instance }: ObjectId): string | undefined {
  const name = byType.get(type)
  return name === undefined ? undefined : `${name}:${instance}`
}

/** Application tag in which a value of the type is written. */
export const tagOf = ({ type }: ObjectId): number => objectTypes[byType.get(type)!].tag

export const sameObject = (a: ObjectId, b: ObjectId): boolean => a.type === b.type && a.instance === b.instance

/** Types that have units. */
export const hasUnits = ({ type }: ObjectId): boolean => ![3, 4, 5, 13, 14, 19].includes(type)
