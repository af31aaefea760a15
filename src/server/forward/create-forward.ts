import { forwardOf, openForwardLine } from '../../gateway/index.ts'
import type { Clock, Random } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { Arrivals } from '../arrivals.ts'
import { createLease } from '../nodes/lease.ts'
import type { SiteBook } from '../site-book.ts'
import { type ForwardFigures, forwardSite, type SiteForward } from './forward-site.ts'

/** The way of observations to a centre, of every site whose file names one. */
export interface Forward {
  /** Begins; whoever listens calls it. */
  start(): void
  /** Undefined for a site that is not forwarded. */
  of(site: string): SiteForward | undefined
  figures(): readonly ForwardFigures[]
  stop(): Promise<void>
}

export interface ForwardParts {
  readonly sites: Pick<SiteBook, 'all' | 'get' | 'points'>
  readonly store: Pick<Store, 'observations' | 'records' | 'news'>
  readonly arrivals: Pick<Arrivals, 'follow'>
  readonly clock: Clock
  readonly random: Random
  /** Name of this node, the same after a restart. */
  readonly node: string
  monotonicMs?(): number
  readonly turnMs?: number
  readonly leaseTurnMs?: number
  report(error: unknown, message: string): void
}

export function createForward(parts: ForwardParts): Forward {
  const { sites, store, arrivals, clock, random, node, report, turnMs, leaseTurnMs } = parts
  const { monotonicMs = () => performance.now() } = parts
  const running = new Map<string, SiteForward>()
  let unfollow: (() => void) | undefined
  return {
    start() {
      for (const { site } of sites.all()) {
        const settings = forwardOf(site)
        if (!settings || running.has(site.id)) continue
        const forward = forwardSite({
          ...{ site, settings, store, clock, monotonicMs, report },
          ...(turnMs === undefined ? {} : { turnMs }),
          ...(leaseTurnMs === undefined ? {} : { leaseTurnMs }),
          ...(store.news.shared
            ? { lease: createLease({ records: store.records, name: `forward/${site.id}`, node, monotonicMs }) }
            : {}),
          open: () =>
            openForwardLine({ settings, site, random, report, clientId: `${node.slice(0, 80)}-forward-${site.id}` }),
          refs: () =>
            [...sites.points(sites.get(site.id).site).values()].flatMap(({ ref, expression }) =>
              expression === undefined ? ref : [],
            ),
        })
        running.set(site.id, forward)
      }
      if (running.size === 0) return
      unfollow ??= arrivals.follow((batch) => {
        for (const forward of running.values()) forward.arrived(batch)
      })
    },
    of: (site) => running.get(site),
    figures: () => [...running.values()].map((forward) => forward.figures()),
    async stop() {
      unfollow?.()
      await Promise.all([...running.values()].map((forward) => forward.stop()))
    },
  }
}
