import { MangroveError, type Problem } from '../../kernel/index.ts'
import { writablePoints } from '../accounts/principal.ts'
import type { Caller } from '../caller.ts'
import { serverErrors } from '../errors.ts'
import type { SiteBook, SitePoint } from '../site-book.ts'
import type { AcceptRules } from './accept-batch.ts'

/** Points of a site, and which of them the caller may write. */
interface WritableSite {
  readonly points: ReadonlyMap<string, SitePoint>
  readonly writable: '*' | ReadonlySet<string>
}

/** Which points a caller may write, looked up once a site. */
export function acceptRules(sites: SiteBook, caller: Caller): AcceptRules {
  const known = new Map<string, WritableSite | Problem>()
  let lastSite: string | undefined
  let last: WritableSite | Problem | undefined
  const lookUp = (site: string): WritableSite | Problem => {
    try {
      caller.demand('ingest', site)
      const points = sites.points(sites.get(site).site)
      return { points, writable: writablePoints(caller.principal, { site, organisation: caller.ownerOf(site) }) }
    } catch (error) {
      if (error instanceof MangroveError) return error.problems[0]!
      throw error
    }
  }
  const at = (site: string): WritableSite | Problem => {
    if (site === lastSite && last) return last
    last = known.get(site) ?? lookUp(site)
    lastSite = site
    known.set(site, last)
    return last
  }
  return {
    allOf(site) {
      const found = at(site)
      return 'code' in found || found.writable !== '*' ? undefined : found.points
    },
    unitOf(site, point) {
      const ofSite = at(site)
      if ('code' in ofSite) return ofSite
      const found = ofSite.points.get(point)
      if (!found) {
        const detail = 'The site has no such point'
        return serverErrors.unknownPoint.problem({
          detail,
          place: { path: point },
          expected: '`<asset>.<point>` of the site',
        })
      }
      if (found.expression !== undefined) {
        const detail = 'The point is computed from others; it is not written'
        return serverErrors.computedPoint.problem({ detail, place: { path: point }, found: found.expression })
      }
      if (ofSite.writable !== '*' && !ofSite.writable.has(point)) {
        const detail = 'This credential may not write the point'
        return serverErrors.pointRefused.problem({ detail, place: { path: point } })
      }
      return found.unit
    },
  }
}
