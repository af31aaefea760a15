import Type, { type TSchema } from 'typebox'
import { MangroveError } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import { sourceConversion } from '../series/source-unit.ts'
import { parseDuration } from '../time/duration.ts'
import { checkZone, parseInstant, stampReader } from '../time/zone.ts'
import { conversion, isPlausible } from '../units/index.ts'
import { type FieldReader, type FieldSchema, readField, short, watchedReader } from './read-fields.ts'
import type { FileSource, SeriesValues } from './series-source.ts'
import type { Path } from './site-document.ts'

const ValuesSchema = Type.Object({
  values: Type.Array(Type.Union([Type.Number(), Type.Null()]), { minItems: 1 }),
  start: Type.String(),
  step: Type.String(),
  unit: Type.Optional(Type.String()),
})

const ObservationSchema = Type.Object({ observation: Type.String({ pattern: '^[^.\\s]+\\.[^.\\s]+$' }) })

const oneOf = (...words: readonly string[]): TSchema => Type.Union(words.map((word) => Type.Literal(word)))

const FileSchema = Type.Object({
  file: Type.String({ pattern: '.' }),
  column: Type.String({ pattern: '.' }),
  unit: Type.String({ pattern: '.' }),
  per: Type.Optional(oneOf('rate', 'step')),
  time: Type.Object({
    column: Type.String({ pattern: '.' }),
    format: Type.Optional(Type.String({ pattern: '.' })),
    zone: Type.Optional(Type.String()),
    label: Type.Optional(oneOf('start', 'end')),
  }),
  step: Type.Optional(Type.String()),
  scale: Type.Optional(Type.Number()),
  align: Type.Optional(oneOf('none', 'calendar', 'weekday')),
})

/** Checks a source of a series as far as can be told without opening files; returned as it is. */
export function checkSource(value: unknown, unit: string, path: Path, reader: FieldReader): unknown {
  const bad = (detail: string, found: unknown, expected: string): void =>
    reader.report(kernelErrors.badSeries, path, { detail, found: short(found), expected })
  const number = (candidate: unknown): boolean => typeof candidate === 'number' && isPlausible(candidate)
  if (number(value)) return value
  if (Array.isArray(value)) {
    const odd = value.findIndex((entry) => !number(entry))
    if (odd >= 0) bad('A daily profile holds what is no number', value[odd], `numbers in ${unit}`)
    else if (value.length === 0 || 1440 % value.length !== 0) {
      bad('A daily profile must share the day evenly', value.length, '24, 48, 96 … values, a divisor of 1440 minutes')
    }
    return value
  }
  const schema = typeof value === 'object' && value !== null ? schemaOf(value) : undefined
  if (!schema) {
    bad(
      'This is no source of a series',
      value,
      `a number in ${unit}, a daily profile, or an object with \`values\`, \`observation\` or \`file\``,
    )
    return value
  }
  const { reader: own, isSound } = watchedReader(reader)
  readField(schema, value, path, own)
  if (isSound())
    for (const [field, check] of meaning(value as FileSource & SeriesValues, unit))
      attempt(check, [...path, ...field], reader)
  return value
}

function schemaOf(value: object): FieldSchema | undefined {
  if ('file' in value) return FileSchema as FieldSchema
  if ('observation' in value) return ObservationSchema as FieldSchema
  return 'values' in value ? (ValuesSchema as FieldSchema) : undefined
}

/** What must hold besides the shape, each with the field it is about. */
function meaning(source: FileSource & SeriesValues, unit: string): readonly (readonly [Path, () => unknown])[] {
  const { file, time, step, start } = source
  const format = time?.format
  return [
    // Whether the zone's clock shows that time is told when the values are read.
    ...(start === undefined ? [] : [[['start'], () => parseInstant(start, 'UTC')] as const]),
    ...(format === undefined ? [] : [[['time', 'format'], () => stampReader(format)] as const]),
    ...(step === undefined ? [] : [[['step'], () => parseDuration(step)] as const]),
    ...(time?.zone === undefined ? [] : [[['time', 'zone'], () => checkZone(String(time.zone))] as const]),
    ...(source.unit === undefined
      ? []
      : [
          [
            ['unit'],
            () => (file === undefined ? conversion(source.unit, unit) : sourceConversion(source, unit, 3_600_000)),
          ] as const,
        ]),
  ]
}

function attempt(check: () => unknown, path: Path, reader: FieldReader): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    for (const { detail, found, expected } of error.problems) {
      reader.report(kernelErrors.badSeries, path, { detail, found, ...(expected === undefined ? {} : { expected }) })
    }
  }
}
