import Type from 'typebox'
import type { AssetKind, Pack } from '../engine/pack.ts'
import { MangroveError, type Problem } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import { canonicalJson, sha256Hex } from '../lineage/index.ts'
import { houseSections, readDeclarations, removedAssets } from '../points/read-declarations.ts'
import { didYouMean } from '../schema/index.ts'
import { checkZone } from '../time/zone.ts'
import { isCurrency } from '../units/index.ts'
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

const assetIdPattern = /^[a-z0-9][a-z0-9-]{0,62}$/

export interface ReadSiteOptions {
  /** Name of the file as the user wrote it; relative files of the site are relative to it. */
  readonly file: string
  /** What may stand in the file besides the fixed fields. */
  readonly packs: readonly Pack[]
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
  const site: Site = {
    ...fixed,
    assets,
    sections: {
      ...readSections(fields, packs, reader),
      ...readDeclarations(fields, { assets, kinds, removed: removedAssets(changes) }, reader),
    },
    source: { file, sha256: sha256Hex(changes === undefined ? text : `${text}\n${canonicalJson(changes)}`) },
  }
  // What a kind asks of its assets is asked of those whose own fields are right.
  const wrong = new Set(problems.map(({ place }) => place?.path?.split('.').slice(0, 2).join('.')))
  if (!wrong.has('zone')) {
    const sound = site.assets.filter(({ id }) => !wrong.has(`assets.${id}`))
    problems.push(...assetProblems({ ...site, assets: sound }, kinds, document))
  }
  if (problems.length > 0) throw new MangroveError(inFileOrder(problems))
  return site
}

type Kinds = ReadonlyMap<string, AssetKind>

const kindsOf = (packs: readonly Pack[]): Kinds =>
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.report(kernelErrors.missingField, ['assets'], {
      detail: value === undefined ? 'The field "assets" is missing' : 'Assets stand under their ids',
      expected: 'assets by id: { roof: { kind: pv, … } }',
    })
    return []
  }
  return Object.entries(value).flatMap(([id, fields]) => readAsset(id, fields, kinds, reader) ?? [])
}

function readAsset(id: string, value: unknown, kinds: Kinds, reader: FieldReader): Asset | undefined {
  const path: Path = ['assets', id]
  if (!assetIdPattern.test(id)) {
    reader.report(kernelErrors.badValue, path, {
      detail: 'This is no id of an asset',
      found: id,
      expected: 'small letters, digits and hyphens',
    })
  }
  const fields = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Readonly<
    Record<string, unknown>
  >
  const { kind: kindName, title = id, ...own } = fields
  const kind = kinds.get(String(kindName))
  if (!kind) {
    const known = [...kinds.keys()]
    const missing = kindName === undefined
    reader.report(missing ? kernelErrors.missingField : kernelErrors.unknownKind, missing ? path : [...path, 'kind'], {
      detail: missing
        ? 'An asset needs its kind'
        : `There is no such kind of asset${didYouMean(String(kindName), known)}`,
      ...(missing ? {} : { found: kindName }),
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
  const read = readField(kind.schema as FieldSchema, own, path, reader) as Readonly<Record<string, unknown>>
  return { ...read, id, kind: kind.kind, title: String(title) }
}

function readSections(
  fields: Readonly<Record<string, unknown>>,
  packs: readonly Pack[],
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
    sections.flatMap(({ name, schema, required }) => {
      const given = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (given === undefined && required) {
        reader.report(kernelErrors.missingField, [name], { detail: `The section "${name}" is missing` })
      }
      if (given !== undefined) return [[name, readField(schema as FieldSchema, given, [name], reader)]]
      // A section that is not there is its defaults, where defaults are enough.
      const missing: Path[] = []
      const report: FieldReader['report'] = (_, path) => void missing.push(path)
      const read = readField(schema as FieldSchema, {}, [name], { ...reader, report })
      return missing.length === 0 ? [[name, read]] : []
    }),
  )
}

function assetProblems(site: Site, kinds: Kinds, document: SiteDocument): readonly Problem[] {
  return site.assets.flatMap((asset) =>
    (kinds.get(asset.kind)?.check?.(asset, site) ?? []).map((details) => {
      const within = details.place?.path?.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? []
      return kernelErrors.badValue.problem({ ...details, place: document.placeOf(['assets', asset.id, ...within]) })
    }),
  )
}
