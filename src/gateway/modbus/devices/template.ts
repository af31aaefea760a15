import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path'
import Type, { type Static } from 'typebox'
import { parse } from 'yaml'
import { checkValue, didYouMean, MangroveError, type ProblemDetails } from '../../../kernel/index.ts'
import { modbusErrors } from '../errors.ts'
import { byteOrders, RegisterSchema } from '../registers/register-schema.ts'
import { modbusTables } from '../wire/pdu.ts'

const text = (description: string) => Type.String({ minLength: 1, maxLength: 2000, description })

/** By what a device is known. */
const FingerprintSchema = Type.Object(
  {
    maker: Type.Optional(text('Part of the maker in the device identification (object 0), in any case')),
    products: Type.Optional(
      Type.Array(text('Part of its product code, name or model (objects 1, 4, 5), in any case'), { minItems: 1 }),
    ),
    registers: Type.Optional(
      Type.Array(
        Type.Object(
          {
            table: Type.Enum(['holding', 'input']),
            address: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Counted from `addressBase`' }),
            values: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 65_535 }), { minItems: 1 })),
            text: Type.Optional(text('Part of the text there, in any case')),
            registers: Type.Optional(Type.Integer({ minimum: 1, maximum: 125, description: 'Of a text. Default 16' })),
          },
          { additionalProperties: false },
        ),
        { minItems: 1 },
      ),
    ),
  },
  { additionalProperties: false, description: 'All that is named must fit' },
)
export type Fingerprint = Static<typeof FingerprintSchema>

const SunspecPointSchema = Type.Object(
  {
    point: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]*$' }),
    from: Type.Array(Type.String({ pattern: '^\\d+\\.\\w+$' }), {
      minItems: 1,
      description: '`<model>.<field>` by the names of SunSpec; the first that the device has',
    }),
    factor: Type.Optional(Type.Number({ description: '−1: the device counts the other way' })),
    write: Type.Optional(Type.Enum(['single', 'multiple'])),
    note: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)

/** A device on Modbus as data: what it is, and which register means which point. */
export const TemplateSchema = Type.Object(
  {
    title: text('Maker and model'),
    kind: Type.Enum(['meter', 'pv', 'battery', 'charger', 'genset', 'other']),
    document: text('Title, number and edition of the document that the registers are from'),
    verify: Type.Optional(Type.Boolean({ description: 'Registers were not held against the device or its document' })),
    note: Type.Optional(Type.String()),
    unitId: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: 'As the device comes' })),
    table: Type.Optional(Type.Enum([...modbusTables])),
    order: Type.Optional(Type.Enum([...byteOrders])),
    addressBase: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1, description: 'How its document counts. Default 0' }),
    ),
    maxGap: Type.Optional(Type.Integer({ minimum: 0, maximum: 124 })),
    maxRegisters: Type.Optional(Type.Integer({ minimum: 1, maximum: 125 })),
    fingerprint: Type.Optional(FingerprintSchema),
    registers: Type.Optional(Type.Array(RegisterSchema, { minItems: 1, maxItems: 1000 })),
    sunspec: Type.Optional(Type.Array(SunspecPointSchema, { minItems: 1, maxItems: 200 })),
  },
  { additionalProperties: false },
)

export type TemplateData = Static<typeof TemplateSchema>
export type SunspecPoint = Static<typeof SunspecPointSchema>
export interface Template extends TemplateData {
  readonly id: string
}

/** The templates of the house. */
export const templateFolder: string = join(import.meta.dirname, '../../templates')

const extensions = ['.yaml', '.yml', '.json']

/**
 * Reads a template from the text of its file.
 *
 * @throws `gateway.bad-template` with all that is wrong in it
 */
export function readTemplate(source: string, file: string): Template {
  let data: unknown
  try {
    data = parse(source, { maxAliasCount: 0 })
  } catch (cause) {
    throw modbusErrors.badTemplate(
      { detail: `The template is no YAML: ${(cause as Error).message}`, place: { file } },
      { cause },
    )
  }
  const { value, problems } = checkValue(TemplateSchema, data)
  const template = value as TemplateData
  const all: readonly ProblemDetails[] = problems.length > 0 ? problems : [...ruleProblems(template)]
  if (all.length > 0) {
    throw new MangroveError(
      all.map((one) => modbusErrors.badTemplate.problem({ ...one, place: { ...one.place, file } })),
    )
  }
  return { id: basename(file, extname(file)), ...template }
}

function* ruleProblems({ registers, sunspec, fingerprint }: TemplateData): Generator<ProblemDetails> {
  if ((registers === undefined) === (sunspec === undefined)) {
    yield { detail: 'A template has registers, or points of SunSpec', expected: '`registers` or `sunspec`' }
  }
  const seen = new Set<string>()
  for (const [index, { point }] of (registers ?? sunspec ?? []).entries()) {
    if (point.includes('.')) {
      yield {
        detail: 'A template knows no assets',
        found: point,
        place: { path: `registers.${index}.point` },
        expected: 'a point alone',
      }
    }
    if (seen.has(point)) {
      yield { detail: 'Two entries have one point', found: point, place: { path: `registers.${index}.point` } }
    }
    seen.add(point)
  }
  for (const [index, { values, text: part }] of (fingerprint?.registers ?? []).entries()) {
    if ((values === undefined) === (part === undefined)) {
      const place = { path: `fingerprint.registers.${index}` }
      yield { detail: 'A register is known by its values or by its text', place, expected: '`values` or `text`' }
    }
  }
}

/** All templates of a folder, by their id, in its order. @throws as {@link readTemplate} */
export function readTemplates(folder: string = templateFolder): readonly Template[] {
  return readdirSync(folder)
    .filter((name) => extensions.includes(extname(name)))
    .sort()
    .map((name) => readTemplate(readFileSync(join(folder, name), 'utf8'), join(folder, name)))
}

const known = new Map<string, Template>()

/**
 * The template that a site names: by id, from `templates/` beside the site file or from the house; or by the path of a file, relative
 * to the site file and below its folder.
 *
 * @throws `gateway.unknown-template`, `gateway.bad-template`
 */
export function findTemplate(name: string, siteFile: string): Template {
  const beside = resolve(dirname(siteFile))
  if (extensions.includes(extname(name))) {
    const file = resolve(beside, name)
    const below = relative(beside, file)
    if (below.startsWith('..') || isAbsolute(below)) {
      throw modbusErrors.unknownTemplate({
        detail: 'A template lies below the folder of its site file',
        found: name,
        expected: 'a path without ..',
      })
    }
    const source = textOf(file)
    if (source !== undefined) return readTemplate(source, file)
    throw modbusErrors.unknownTemplate({
      detail: 'There is no such file of a template',
      found: name,
      expected: `a file below ${beside}`,
    })
  }
  if (/^[\w-]+$/.test(name)) {
    for (const extension of extensions) {
      const file = join(beside, 'templates', name + extension)
      const source = textOf(file)
      if (source !== undefined) return readTemplate(source, file)
    }
    const ready = known.get(name)
    if (ready) return ready
    const file = join(templateFolder, `${name}.yaml`)
    const source = textOf(file)
    if (source !== undefined) {
      const template = readTemplate(source, file)
      known.set(name, template)
      return template
    }
  }
  const names = readdirSync(templateFolder).map((file) => basename(file, extname(file)))
  throw modbusErrors.unknownTemplate({
    detail: `No template has the name "${name}"${didYouMean(name, names)}`,
    found: name,
    expected: 'the name of a file in src/gateway/templates or in `templates` beside the site file, or a path to one',
  })
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
