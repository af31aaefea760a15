import type { TSchema } from 'typebox'
import type { ProblemDetails } from '../errors.ts'
import type { Asset, Site } from '../site/model.ts'
import type { Engine } from './engine.ts'

/** One measured, computed or commanded quantity of an asset kind. */
export interface PointSpec {
  readonly id: string
  readonly title: string
  readonly unit: string
  /** `measured` from the field, `computed` by the house, `setpoint` commanded. */
  readonly role: 'measured' | 'computed' | 'setpoint'
}

/** A kind of asset that a pack teaches the house. */
export interface AssetKind {
  readonly kind: string
  readonly title: string
  /** Fields of the asset in a site file, besides `kind` and `title`. */
  readonly schema: TSchema
  readonly points: readonly PointSpec[]
  /** What the schema cannot say; paths in places are relative to the asset. Only called on an asset that fits it. */
  check?(asset: Asset, site: Site): readonly ProblemDetails[]
}

/** A top-level section of the site file that a pack reads (`tariff`, `limits`, `wishes`). */
export interface SiteSection {
  readonly name: string
  readonly title: string
  readonly schema: TSchema
  readonly required?: boolean
  /**
   * The section holds entries under ids, and what an entry is, one of its fields tells, as `kind` does of an asset: the
   * schema of its other fields by the value of that one. `schema` then stands for no entry at all.
   */
  readonly entries?: {
    readonly by: string
    readonly schemas: Readonly<Record<string, TSchema>>
    /** For messages: `{ meter: { protocol: modbus, … } }`. */
    readonly example: string
  }
  /** What the schema cannot say; paths in places are relative to the section. Only called on one that fits it. */
  check?(section: unknown, site: Site, points: SectionPoints): readonly ProblemDetails[]
}

/** The points that a section of a site may name, `<asset>.<point>`. */
export interface SectionPoints {
  /** Unit of a point; undefined where the site has none of that name. */
  unitOf(ref: string): string | undefined
  /** Whether the point went with an asset that the changes of a what-if took away: nothing needs to be said of it. */
  isGone(ref: string): boolean
}

/** An entry of a section that has {@link SiteSection.entries}: the field that tells what it is, a title, and its own. */
export interface SectionEntry {
  readonly id: string
  readonly title: string
  readonly [field: string]: unknown
}

/** The run that a report is written of, as its evidence names it. */
export interface ReportedRun {
  readonly id: string
  readonly engine: string
  readonly engineVersion: string
  readonly clockMs: number
  readonly outputSha256: string
}

/** How the result of an engine is told to readers. */
export interface PackReport {
  /** Id of the engine: `carbon.account`. */
  readonly engine: string
  readonly title: string
  /**
   * The document of a run, in the form of the report room, which checks it. Pure: the same output and run give the same document.
   *
   * @param language of the report room: `en`, `zh`, `es`
   */
  write(output: unknown, run: ReportedRun, language: string): unknown
}

/** What a site file may say: kinds of assets, and sections. */
export interface Vocabulary {
  readonly assets: readonly AssetKind[]
  readonly sections: readonly SiteSection[]
}

/** What a room, or a third party's npm package, offers the house. */
export interface Pack extends Vocabulary {
  readonly name: string
  readonly title: string
  // biome-ignore lint/suspicious/noExplicitAny: engines of unlike schemas stand in one list; callers validate by schema
  readonly engines: readonly Engine<any, any>[]
  readonly reports?: readonly PackReport[]
}
