import Type from 'typebox'
import type { AssetKind, SectionEntry, SectionPoints, SiteSection, Vocabulary } from '../engine/pack.ts'
import { MangroveError, type Problem } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import { canonicalJson, sha256Hex } from '../lineage/index.ts'
import { readPlace } from '../place/read-place.ts'
import { declaredPoints } from '../points/declarations.ts'
import { houseSections, readDeclarations, removedAssets } from '../points/read-declarations.ts'
import { didYouMean } from '../schema/index.ts'
import { checkZone } from '../time/zone.ts'
import { inCurrency, isCurrency } from '../units/index.ts'
import { quantity } from './fields.ts'
import type { Asset, Site } from './model.ts'
import { type FieldReader, type FieldSchema, readField } from './read-fields.ts'
import { checkSource } from './read-source.ts'
import { type Path, parseSiteDocument, type SiteDocument } from './site-document.ts'

const FixedSchema = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
  name: Type.String({ pattern: '\\S' }),
  location: Type.Object({
    latitude: quantity('deg', { minimum: -90, maximum: 90 }),
    longitude: quantity('deg', { minimum: -180, maximum: 180 }),
    altitudeM: quantity('m', { minimum: -430, maximum: 9000, default: 0 }),
  }),
  zone: Type.String(),
  currency: Type.String(),
})

const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/

export interface ReadSiteOptions {
  /** Name of the file as the user wrote it; relative files of the site are relative to it. */
  readonly file: string
  /** What may stand in the file besides the fixed fields. */
  readonly packs: readonly Vocabulary[]
  /** JSON Merge Patch on the document. */
  readonly changes?: unknown
}

/**
 * Reads a site file: YAML or JSON text to a checked {@link Site}.
 *
 * @throws one error that carries every problem found, each with file, line, path, value found and value expected
 */
export function readSite(text: string, { file, packs, changes }: ReadSiteOptions): Site {
  const document = parseSiteDocument(text, file, changes)
  const problems: Problem[] = []
  const { content } = document
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw kernelErrors.badDocument({
      detail: 'A site file is an object with fields',
      place: { file },
      expected: 'id, name, location …',
    })
  }
  const fields = content as Readonly<Record<string, unknown>>
  const currency = typeof fields.currency === 'string' && isCurrency(fields.currency) ? fields.currency : 'XXX'
  const reader: FieldReader = {
    currency,
    readSource: checkSource,
    report: (error, path, details) =>
      void problems.push(error.problem({ ...details, place: details.place ?? document.placeOf(path) })),
  }
  const fixed = readFixed(fields, reader)
  const kinds = kindsOf(packs)
  const assets = readAssets(fields.assets, kinds, reader)
  const fileAssets = { assets, kinds, removed: removedAssets(changes) }
  const site: Site = {
    ...fixed,
    assets,
    sections: {
      ...readSections(fields, packs, reader),
      ...readDeclarations(fields, fileAssets, reader),
      ...(Object.hasOwn(fields, 'place') ? { place: readPlace(fields.place, fileAssets, reader) } : {}),
    },
    source: { file, sha256: sha256Hex(changes === undefined ? text : `${text}\n${canonicalJson(changes)}`) },
  }
  // What a kind asks of its assets is asked of those whose own fields are right.
  const wrong = new Set(problems.map(({ place }) => place?.path?.split('.').slice(0, 2).join('.')))
  if (!wrong.has('zone')) {
    const sound = site.assets.filter(({ id }) => !wrong.has(`assets.${id}`))
    problems.push(...assetProblems({ ...site, assets: sound }, kinds, document))
  }
  const wrongSections = new Set(problems.map(({ place }) => place?.path?.split('.')[0]))
  if (!['zone', 'assets', 'points'].some((name) => wrongSections.has(name))) {
    const points = sectionPoints(site, kinds, { declared: fields.points, removed: removedAssets(changes) })
    const readable = packs.flatMap((pack) => pack.sections).filter(({ name }) => !wrongSections.has(name))
    problems.push(...sectionProblems(site, readable, points, document))
  }
  if (problems.length > 0) throw new MangroveError(inFileOrder(problems))
  return site
}

type Kinds = ReadonlyMap<string, AssetKind>

const kindsOf = (packs: readonly Vocabulary[]): Kinds =>
  new Map(packs.flatMap((pack) => pack.assets).map((kind) => [kind.kind, kind]))

const inFileOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => (a.place?.line ?? Number.MAX_SAFE_INTEGER) - (b.place?.line ?? Number.MAX_SAFE_INTEGER))

function readFixed(fields: Readonly<Record<string, unknown>>, reader: FieldReader) {
  const names = Object.keys(FixedSchema.properties)
  const given = Object.fromEntries(
    names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]]),
  )
  const fixed = readField(FixedSchema as FieldSchema, given, [], reader) as Pick<
    Site,
    'id' | 'name' | 'location' | 'zone' | 'currency'
  >
  if (typeof fixed.zone === 'string' && !isZone(fixed.zone)) {
    reader.report(kernelErrors.badZone, ['zone'], {
      detail: 'This is no time zone',
      found: fixed.zone,
      expected: 'an IANA zone such as Asia/Shanghai',
    })
  }
  if (typeof fixed.currency === 'string' && !isCurrency(fixed.currency)) {
    reader.report(kernelErrors.badValue, ['currency'], {
      detail: 'This is no currency',
      found: fixed.currency,
      expected: 'an ISO 4217 code such as CNY',
    })
  }
  return fixed
}

function isZone(zone: string): boolean {
  try {
    return checkZone(zone) === zone
  } catch {
    return false
  }
}

function readAssets(value: unknown, kinds: Kinds, reader: FieldReader): readonly Asset[] {
  const schemas = new Map([...kinds].map(([kind, { schema }]) => [kind, schema as FieldSchema]))
  const entries = { what: 'asset', by: 'kind', schemas, example: '{ roof: { kind: pv, … } }' }
  return readEntries(value, 'assets', entries, reader).map((entry) => entry as Asset)
}

/** Things under their ids, of which one field tells what they are. */
interface Entries {
  /** For messages. */
  readonly what: string
  readonly by: string
  readonly schemas: ReadonlyMap<string, FieldSchema>
  readonly example: string
}

function readEntries(value: unknown, section: string, entries: Entries, reader: FieldReader): readonly SectionEntry[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.report(kernelErrors.missingField, [section], {
      detail: value === undefined ? `The field "${section}" is missing` : `What stands in ${section} stands under ids`,
      expected: `${section} by id: ${entries.example}`,
    })
    return []
  }
  return Object.entries(value).flatMap(([id, fields]) => readEntry(id, fields, [section, id], entries, reader) ?? [])
}

function readEntry(
  id: string,
  value: unknown,
  path: Path,
  { what, by, schemas }: Entries,
  reader: FieldReader,
): SectionEntry | undefined {
  if (!idPattern.test(id)) {
    reader.report(kernelErrors.badValue, path, {
      detail: `This is no id of an ${what}`,
      found: id,
      expected: 'small letters, digits and hyphens',
    })
  }
  const fields = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Readonly<
    Record<string, unknown>
  >
  const { [by]: told, title = id, ...own } = fields
  const schema = schemas.get(String(told))
  if (!schema) {
    const known = [...schemas.keys()]
    const missing = told === undefined
    reader.report(missing ? kernelErrors.missingField : kernelErrors.unknownKind, missing ? path : [...path, by], {
      detail: missing
        ? `An ${what} needs its ${by}`
        : `There is no such ${by} of ${what}${didYouMean(String(told), known)}`,
      ...(missing ? {} : { found: told }),
      expected: `one of ${known.join(', ')}`,
    })
    return undefined
  }
  if (typeof title !== 'string') {
    reader.report(kernelErrors.badValue, [...path, 'title'], {
      detail: 'A title is text',
      found: title,
      expected: 'text',
    })
  }
  const read = readField(schema, own, path, reader) as Readonly<Record<string, unknown>>
  return { ...read, id, [by]: told, title: String(title) }
}

function readSections(
  fields: Readonly<Record<string, unknown>>,
  packs: readonly Vocabulary[],
  reader: FieldReader,
): Site['sections'] {
  const sections = packs.flatMap((pack) => pack.sections)
  const known = [
    ...Object.keys(FixedSchema.properties),
    'assets',
    ...sections.map(({ name }) => name),
    ...houseSections,
  ]
  for (const name of Object.keys(fields).filter((key) => !known.includes(key))) {
    reader.report(kernelErrors.unknownField, [name], {
      detail: `Nothing reads the section "${name}"${didYouMean(name, known)}`,
      found: name,
      expected: `one of ${known.join(', ')}`,
    })
  }
  return Object.fromEntries(
    sections.flatMap(({ name, schema, required, entries }) => {
      const given = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (given === undefined && required) {
        reader.report(kernelErrors.missingField, [name], { detail: `The section "${name}" is missing` })
      }
      if (entries) return given === undefined ? [] : [[name, readSectionEntries(given, name, entries, reader)]]
      if (given !== undefined) return [[name, readField(schema as FieldSchema, given, [name], reader)]]
      // A section that is not there is its defaults, where defaults are enough.
      const missing: Path[] = []
      const report: FieldReader['report'] = (_, path) => void missing.push(path)
      const read = readField(schema as FieldSchema, {}, [name], { ...reader, report })
      return missing.length === 0 ? [[name, read]] : []
    }),
  )
}

function readSectionEntries(
  value: unknown,
  name: string,
  { by, schemas, example }: NonNullable<SiteSection['entries']>,
  reader: FieldReader,
): Readonly<Record<string, SectionEntry>> {
  const known = new Map(Object.entries(schemas).map(([told, schema]) => [told, schema as FieldSchema]))
  const entries = readEntries(value, name, { what: `entry of ${name}`, by, schemas: known, example }, reader)
  return Object.fromEntries(entries.map((entry) => [entry.id, entry]))
}

const partsOf = (path: string | undefined): Path =>
  path?.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? []

/** Points of the kinds of the assets and those that the site declares. */
function sectionPoints(
  site: Site,
  kinds: Kinds,
  { declared, removed }: { readonly declared: unknown; readonly removed: ReadonlySet<string> },
): SectionPoints {
  const units = new Map(
    site.assets.flatMap(({ id, kind }) =>
      (kinds.get(kind)?.points ?? []).map((point) => [`${id}.${point.id}`, inCurrency(point.unit, site.currency)]),
    ),
  )
  for (const { ref, unit } of declaredPoints(site)) units.set(ref, unit)
  const written = typeof declared === 'object' && declared !== null ? declared : {}
  return {
    unitOf: (ref) => units.get(ref),
    isGone: (ref) => !units.has(ref) && (removed.has(ref.slice(0, ref.indexOf('.'))) || Object.hasOwn(written, ref)),
  }
}

/** What sections say is wrong with themselves, once they could be read. */
function sectionProblems(
  site: Site,
  sections: readonly SiteSection[],
  points: SectionPoints,
  document: SiteDocument,
): readonly Problem[] {
  return sections
    .filter(({ name }) => Object.hasOwn(site.sections, name))
    .flatMap(({ name, check }) =>
      (check?.(site.sections[name], site, points) ?? []).map((details) =>
        kernelErrors.badValue.problem({
          ...details,
          place: document.placeOf([name, ...partsOf(details.place?.path)]),
        }),
      ),
    )
}

function assetProblems(site: Site, kinds: Kinds, document: SiteDocument): readonly Problem[] {
  return site.assets.flatMap((asset) =>
    (kinds.get(asset.kind)?.check?.(asset, site) ?? []).map((details) =>
      kernelErrors.badValue.problem({
        ...details,
        place: document.placeOf(['assets', asset.id, ...partsOf(details.place?.path)]),
      }),
    ),
  )
}
