import { MangroveError, type Problem } from '../../kernel/index.ts'
import { mayWritePoint } from '../accounts/principal.ts'
import type { Caller } from '../caller.ts'
import { serverErrors } from '../errors.ts'
import type { SiteBook, SitePoint } from '../site-book.ts'
import type { AcceptRules } from './accept-batch.ts'

/** Which points a caller may write, looked up once a site. */
export function acceptRules(sites: SiteBook, caller: Caller): AcceptRules {
  const known = new Map<string, ReadonlyMap<string, SitePoint> | Problem>()
  const pointsOf = (site: string) => {
    const found = known.get(site) ?? lookUp(site)
    known.set(site, found)
    return found
  }
  const lookUp = (site: string): ReadonlyMap<string, SitePoint> | Problem => {
    try {
      caller.demand('ingest', site)
      return sites.points(sites.get(site).site)
    } catch (error) {
      if (error instanceof MangroveError) return error.problems[0]!
      throw error
    }
  }
  return {
    unitOf(site, point) {
      const points = pointsOf(site)
      if (!(points instanceof Map)) return points as Problem
      const found: SitePoint | undefined = points.get(point)
      const owner = caller.ownerOf(site)
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
      if (!mayWritePoint(caller.principal, { site, organisation: owner }, point)) {
        const detail = 'This credential may not write the point'
        return serverErrors.pointRefused.problem({ detail, place: { path: point } })
      }
      return found.unit
    },
  }
}
