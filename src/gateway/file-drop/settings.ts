import Type, { type Static } from 'typebox'
import { durationText } from '../../kernel/index.ts'
import { PointUseSchema } from '../link/point-map.ts'

const column = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))

const CsvSchema = Type.Object(
  {
    delimiter: Type.Optional(Type.Enum([',', ';', '\t', '|'], { description: 'Default: found by looking' })),
    decimal: Type.Optional(Type.Enum(['.', ','], { default: '.', description: 'With `,` a dot groups thousands' })),
    encoding: Type.Optional(Type.Enum(['utf-8', 'windows-1252', 'utf-16le'], { default: 'utf-8' })),
    skipLines: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: 'Above the line of names' })),
    time: column('Column of the time. Default `time`'),
    timeFormat: Type.Optional(
      Type.String({ description: '`ISO`, or of YYYY MM DD HH mm ss: `DD.MM.YYYY HH:mm`', default: 'ISO' }),
    ),
    zone: Type.Optional(Type.String({ description: 'Of times without offset. Default: of the site' })),
    point: column('Long form: column of the name. Default `point`'),
    value: column('Long form: column of the value. Default `value`'),
    unit: column('Long form: column of the unit. Default `unit`, where there is one'),
    quality: column('Long form: column of the quality. Default `quality`, where there is one'),
    missing: Type.Optional(
      Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20, description: 'Cells that stand for no value' }),
    ),
  },
  { additionalProperties: false },
)

/** An entry of `gateways` with `protocol: file-drop`: a folder that others put files into. */
export const FileDropSettingsSchema = Type.Object(
  {
    folder: Type.String({ minLength: 1, maxLength: 400, description: 'Watched folder, from that of the site file' }),
    format: Type.Optional(
      Type.Enum(['csv', 'ndjson', 'green-button'], {
        description: 'Default by the end of the name: .csv .txt, .ndjson .jsonl, .xml',
      }),
    ),
    period: Type.Optional(durationText({ description: 'How often is looked', default: '10s' })),
    still: Type.Optional(
      durationText({ description: 'A file that did not change for so long is whole', default: '5s' }),
    ),
    maxMegabytes: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 4096, default: 256 })),
    csv: Type.Optional(CsvSchema),
    points: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 200 }), PointUseSchema, {
        description: 'By column, name in the file, or for Green Button title or flow: forward, reverse, net, total',
      }),
    ),
  },
  { additionalProperties: false },
)

export type FileDropSettings = Static<typeof FileDropSettingsSchema>
export type CsvSettings = Static<typeof CsvSchema>
export type DropFormat = NonNullable<FileDropSettings['format']>
