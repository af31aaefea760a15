import { measuredInputs } from '../../kernel/index.ts'
import type { Range } from './observation-range.ts'
import type { ReadParts } from './read-window.ts'

export const quarterMs = 900_000
/** Buckets of one look, and points of one. */
const look = { buckets: 256, points: 16 } as const

/**
 * Where the first, or the last, quarter of an hour with an observation is: its start, or its end. Found by the quarters that the
 * store keeps, so that gaps of years cost no reading. Undefined where there is none.
 */
export async function observedEdge(
  parts: ReadParts,
  range: Range,
  which: 'first' | 'last',
): Promise<number | undefined> {
  let found: number | undefined
  for (const [site, own] of Map.groupBy(range.datastreams, (one) => one.site)) {
    const computed = parts.sites.computed(parts.sites.get(site).site)
    const refs = [
      ...new Set(
        measuredInputs(
          computed,
          own.map(({ point }) => point.ref),
        ),
      ),
    ]
    for (let at = 0; at < refs.length; at += look.points) {
      const edge = await edgeOf(parts, site, refs.slice(at, at + look.points), range, which)
      if (edge === undefined) continue
      found = found === undefined ? edge : which === 'first' ? Math.min(found, edge) : Math.max(found, edge)
    }
  }
  if (found === undefined) return undefined
  return Math.min(range.toMs, Math.max(range.fromMs, found))
}

async function edgeOf(
  { store }: ReadParts,
  site: string,
  points: readonly string[],
  { fromMs, toMs }: Range,
  which: 'first' | 'last',
): Promise<number | undefined> {
  let startMs = Math.floor(fromMs / quarterMs) * quarterMs
  let endMs = Math.ceil(toMs / quarterMs) * quarterMs
  while (endMs > startMs) {
    const quarters = (endMs - startMs) / quarterMs
    const stepMs = Math.ceil(quarters / look.buckets) * quarterMs
    const count = Math.ceil((endMs - startMs) / stepMs)
    const [beginMs, lastMs] = [startMs, endMs]
    const edgesMs = Float64Array.from({ length: count + 1 }, (_, edge) => Math.min(lastMs, beginMs + edge * stepMs))
    const buckets = Object.values(await store.observations.buckets({ site, points, edgesMs }))
    const holds = (bucket: number): boolean => buckets.some(({ observed }) => observed[bucket] === 1)
    const places = Array.from({ length: count }, (_, bucket) => bucket)
    const place = which === 'first' ? places.find(holds) : places.findLast(holds)
    if (place === undefined) return undefined
    startMs = edgesMs[place]!
    endMs = edgesMs[place + 1]!
    if (stepMs === quarterMs) return which === 'first' ? startMs : endMs
  }
  return undefined
}
