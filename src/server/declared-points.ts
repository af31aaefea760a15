import {
  checkExpression,
  declaredPoints,
  inCurrency,
  isPointRef,
  MangroveError,
  type PointDeclaration,
  parseUnit,
  pointErrors,
  type Site,
} from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import { serverErrors } from './errors.ts'
import { withPlausibleRise } from './plausible-rise.ts'
import { preconditionFailed } from './query/entity-tags.ts'
import type { RuntimePoints, SiteBook } from './site-book.ts'

/** What a call says of a point; the same fields as in the section `points` of a site file, as numbers in the unit of the point. */
export interface WrittenPoint {
  readonly ref: string
  readonly title?: string
  readonly unit: string
  readonly expression?: string
  readonly counter?: { readonly rollover?: number; readonly maxPerHour?: number }
  readonly retentionDays?: number
  readonly accuracyClass?: number
}

/** A point that was declared at run time, with the number of times it was written. */
export interface RuntimePoint {
  readonly version: number
  readonly declaration: PointDeclaration
}

/** Points that are declared at run time and kept in the store. */
export interface DeclaredPoints {
  /** Reads those of all sites; one that its site has no room for any more is told and left out. */
  load(): Promise<void>
  /** Reads those of one site, or of all, again where another node changed them. */
  refresh(site?: string): Promise<void>
  find(site: string, ref: string): RuntimePoint | undefined
  /**
   * Declares a point, or changes it where `expected` is the version that is there; it can be written and read when this returns.
   *
   * @throws `kernel.bad-expression`, `kernel.bad-unit` and others for what it says; `server.point-declared`, `server.point-unit`,
   * `server.precondition-failed`
   */
  declare(site: string, written: WrittenPoint, expected: number): Promise<RuntimePoint>
  /** @throws `server.unknown-point`, `server.point-declared`, `server.point-in-use`, `server.precondition-failed` */
  remove(site: string, ref: string, expected: number | undefined): Promise<void>
}

const kind = 'point'
const keyOf = (site: string, ref: string): string => `${site}/${ref}`

interface Parts {
  readonly store: Pick<Store, 'records' | 'observations'>
  readonly sites: SiteBook
  /** Told after each change that was made here. */
  readonly changed?: (site: string) => void
  report(error: unknown, message: string): void
}

export function createDeclaredPoints({ store, sites, report, changed }: Parts): DeclaredPoints {
  const { records, observations } = store
  const bySite = new Map<string, Map<string, RuntimePoint>>()
  /** Versions of the records of a site as they were read last; those that are left out of it too. */
  const readVersions = new Map<string, string>()
  const ofSite = (site: string): Map<string, RuntimePoint> => {
    const found = bySite.get(site) ?? new Map<string, RuntimePoint>()
    bySite.set(site, found)
    return found
  }
  const tell = (site: string): void => {
    const points: RuntimePoints = new Map([...ofSite(site)].map(([ref, { declaration }]) => [ref, declaration]))
    sites.setRuntimePoints(site, points)
  }
  /** What another server, or another call, made of a point meanwhile. */
  const readAgain = async (site: string, ref: string): Promise<number> => {
    const record = await records.get<PointDeclaration>(kind, keyOf(site, ref))
    if ((record?.version ?? 0) === (ofSite(site).get(ref)?.version ?? 0)) return record?.version ?? 0
    if (record) ofSite(site).set(ref, { version: record.version, declaration: record.content })
    else ofSite(site).delete(ref)
    tell(site)
    return record?.version ?? 0
  }
  const refusedFor = async (site: string, ref: string, expected: number, error: unknown): Promise<unknown> => {
    const conflict = error instanceof MangroveError && error.code === 'store.conflict'
    return conflict ? preconditionFailed(await readAgain(site, ref), expected) : error
  }

  return {
    async load() {
      for (const { site } of sites.all()) {
        await loadSite(site)
        tell(site.id)
      }
    },
    async refresh(only) {
      for (const { site } of sites.all()) {
        if (only !== undefined && site.id !== only) continue
        const found = await readSite(site.id)
        const own = new Map([...ofSite(site.id)].map(([ref, { version }]) => [ref, version]))
        const isNew = [...found].some(([ref, { version }]) => own.get(ref) !== version) || own.size !== found.size
        if (isNew && versionsOf(found) !== readVersions.get(site.id)) await loadSite(site)
      }
    },
    find: (site, ref) => bySite.get(site)?.get(ref),
    async declare(id, written, expected) {
      const { site } = sites.get(id)
      const { ref } = written
      const before = await readAgain(id, ref)
      if (before !== expected) throw preconditionFailed(before, expected)
      const present = ofSite(id).get(ref)?.declaration
      const declaration = checkPoint(sites.get(id).site, written, present, sites)
      if (declaration.expression === undefined) await declareInStore(id, ref, declaration)
      try {
        const { version } = await records.put(kind, keyOf(id, ref), declaration, expected)
        const made = { version, declaration }
        ofSite(id).set(ref, made)
        tell(site.id)
        changed?.(site.id)
        return made
      } catch (error) {
        throw await refusedFor(id, ref, expected, error)
      }
    },
    async remove(id, ref, expected) {
      const present = await readAgain(id, ref)
      const { site } = sites.get(id)
      const point = sites.points(site).get(ref)
      if (!point) {
        const detail = 'The site has no such point'
        throw serverErrors.unknownPoint({ detail, place: { path: 'path.point' }, found: ref })
      }
      if (present === 0) throw declaredElsewhere(ref)
      if (expected !== undefined && expected !== present) throw preconditionFailed(present, expected)
      const user = sites.computed(site).order.find(({ expression }) => expression.refs.includes(ref))
      if (user) {
        throw serverErrors.pointInUse({
          detail: 'Another point is computed from this one',
          place: { path: 'path.point' },
          found: user.ref,
          expected: 'a point that no expression names',
        })
      }
      try {
        await records.remove(kind, keyOf(id, ref), present)
      } catch (error) {
        throw await refusedFor(id, ref, present, error)
      }
      ofSite(id).delete(ref)
      tell(id)
      changed?.(id)
    },
  }

  async function readSite(site: string): Promise<Map<string, RuntimePoint>> {
    const prefix = keyOf(site, '')
    const found = new Map<string, RuntimePoint>()
    for (let after = ''; ; ) {
      const page = await records.list<PointDeclaration>(kind, { prefix, after, limit: 1000 })
      for (const { key, version, content } of page) {
        found.set(key.slice(prefix.length), { version, declaration: content })
      }
      const last = page.at(-1)
      if (!last || page.length < 1000) return found
      after = last.key
    }
  }

  async function loadSite(site: Site): Promise<void> {
    const found = await readSite(site.id)
    readVersions.set(site.id, versionsOf(found))
    bySite.set(site.id, found)
    // A site file that changed since may have taken an input away: what needs it goes too, until it is there again.
    for (let again = true; again; ) {
      again = false
      tell(site.id)
      const own = sites.get(site.id).site
      for (const [ref, { declaration }] of found) {
        if (declaration.expression === undefined || sites.points(own).get(ref)?.origin !== 'api') continue
        const unitOf = (input: string): string | undefined => sites.points(own).get(input)?.unit
        try {
          checkExpression(declaration.expression, { unit: declaration.unit, unitOf, currency: own.currency })
        } catch (error) {
          if (!(error instanceof MangroveError)) throw error
          report(error, `the point ${ref} of ${site.id} cannot be computed any more`)
          found.delete(ref)
          again = true
        }
      }
    }
  }

  /** Makes it known, so that it keeps its unit, and its rules hold from the first value on. */
  async function declareInStore(site: string, ref: string, { unit, counter, retentionDays }: PointDeclaration) {
    const [owner, id = ''] = ref.split('.', 2)
    const asset = sites.get(site).site.assets.find((one) => one.id === owner)
    const rules = {
      ...(counter === undefined ? {} : { counter: withPlausibleRise(asset, { id, unit }, counter) }),
      ...(retentionDays === undefined ? {} : { retentionDays }),
    }
    try {
      await observations.declare([{ site, name: ref, unit, rules }])
    } catch (error) {
      if (!(error instanceof MangroveError) || error.code !== 'store.bad-observation') throw error
      throw unitKept(ref, unit, error.problems[0]?.expected)
    }
  }
}

const versionsOf = (points: ReadonlyMap<string, RuntimePoint>): string =>
  [...points].map(([ref, { version }]) => `${ref} ${version}`).join('\n')

const unitKept = (ref: string, found: string, expected: string | undefined) =>
  serverErrors.pointUnit({
    detail: `What is stored of ${ref} has another unit; a point of another unit needs another name`,
    place: { path: 'body.unit' },
    found,
    ...(expected === undefined ? {} : { expected }),
  })

const declaredElsewhere = (found: string) =>
  serverErrors.pointDeclared({
    detail: 'The point is declared by the kind of its asset or by the site file, which is where it is changed',
    place: { path: 'body.ref' },
    found,
    expected: 'a point that was declared here',
  })

/** Holds what a call says against the site, as a site file is held. */
function checkPoint(
  site: Site,
  written: WrittenPoint,
  present: PointDeclaration | undefined,
  sites: SiteBook,
): PointDeclaration {
  const { ref, title = ref, expression, counter, retentionDays, accuracyClass } = written
  if (!isPointRef(ref) || ref.length > 127) {
    throw serverErrors.badInput({
      detail: 'This is no name of a point',
      place: { path: 'body.ref' },
      found: ref.slice(0, 200),
      expected: '<asset>.<point> or <group>.<point>: small letters, digits and hyphens, a dot, letters and digits',
    })
  }
  const points = sites.points(site)
  const known = points.get(ref)
  if (known && known.origin !== 'api') throw declaredElsewhere(ref)
  const unit = inCurrency(written.unit, site.currency)
  parseUnit(unit)
  if (present && present.unit !== unit) throw unitKept(ref, unit, present.unit)
  if (present && (present.expression === undefined) !== (expression === undefined)) {
    throw serverErrors.badInput({
      detail:
        'A measured point does not become a computed one, nor the other way: what was told of it would change its meaning',
      place: { path: 'body.expression' },
      expected: 'another name, or the point removed first',
    })
  }
  if (expression !== undefined && (counter || retentionDays !== undefined)) {
    throw serverErrors.badInput({
      detail: 'A computed point is not stored: it is no counter and nothing of it is dropped',
      place: { path: counter ? 'body.counter' : 'body.retentionDays' },
      expected: 'expression, or counter and retentionDays',
    })
  }
  const declaration: PointDeclaration = {
    title,
    unit,
    role: expression === undefined ? 'measured' : 'computed',
    ofKind: false,
    ...(counter ? { counter } : {}),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(accuracyClass === undefined ? {} : { accuracyClass }),
  }
  if (expression === undefined) return declaration
  const unitOf = (input: string): string | undefined => (input === ref ? unit : points.get(input)?.unit)
  const checked = checkExpression(expression, { unit, unitOf, known: points.keys(), currency: site.currency })
  refuseCircle(site, ref, checked.refs)
  return {
    ...declaration,
    expression,
    inputs: Object.fromEntries(checked.refs.map((input) => [input, unitOf(input) ?? ''])),
  }
}

/** A point that needs itself, by whichever way. */
function refuseCircle(site: Site, ref: string, refs: readonly string[]): void {
  const needs = new Map(declaredPoints(site).map((point) => [point.ref, Object.keys(point.inputs ?? {})]))
  const seen = new Set<string>()
  const open = [...refs]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === ref) {
      throw pointErrors.pointCycle({
        detail: 'A computed point cannot need itself',
        place: { path: 'body.expression' },
        found: ref,
        expected: 'an expression of points that do not come back to this one',
      })
    }
    if (seen.has(at)) continue
    seen.add(at)
    open.push(...(needs.get(at) ?? []))
  }
}
