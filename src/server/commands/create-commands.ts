import { setTimeout as sleep } from 'node:timers/promises'
import { type CommandRules, commandsOf, readCommands } from '../../commands/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { Arrivals } from '../arrivals.ts'
import type { Field } from '../field/create-field.ts'
import { createLease } from '../nodes/lease.ts'
import type { SiteBook } from '../site-book.ts'
import { type CommandLog, createCommandLog } from './command-log.ts'
import { linkOf } from './links.ts'
import { createOrders, type Orders } from './orders.ts'
import { createSiteCommands, type SiteCommands } from './site-commands.ts'
import { type CommandsView, idleView } from './view.ts'

export interface CommandsFigures {
  readonly sent: number
  readonly done: number
  readonly failed: number
  readonly lines: number
  /** Setpoints of the sites that this node commands, whose machine does not follow. */
  readonly mismatches: number
  /** Setpoints to which commands do not get. */
  readonly unreached: number
  /** Sites that this node commands, by what they follow. */
  readonly sites: Readonly<Record<'plan' | 'fallback' | 'hold', number>>
  /** Turns that failed. */
  readonly failures: number
}

/** Commands the sites of this server that say what is commanded: plan → setpoints → gateway. */
export interface Commands {
  /** Begins to command; whoever listens starts it. */
  start(): void
  /** One turn of a site, now: after an operator asked for something. */
  turn(site: string): Promise<void>
  /** Settles when what was sent to a site has ended and is written down. */
  settled(site: string): Promise<void>
  /** What a site commands; undefined: nothing. */
  rules(site: string): CommandRules | undefined
  view(site: string): Promise<CommandsView>
  log(site: string): CommandLog
  readonly orders: Orders
  figures(): CommandsFigures
  stop(): Promise<void>
}

export interface CommandsParts {
  readonly store: Pick<Store, 'records' | 'documents' | 'evidence' | 'journal' | 'observations' | 'news'>
  readonly sites: Pick<SiteBook, 'all' | 'get' | 'points'>
  readonly field: Pick<Field, 'links'>
  readonly arrivals: Pick<Arrivals, 'keep' | 'follow'>
  readonly clock: Clock
  /** Name of this node, the same after a restart. */
  readonly node: string
  monotonicMs?(): number
  /** Between two turns. */
  readonly turnMs?: number
  report(error: unknown, message: string): void
}

/** What the node that commands a site shows, for the others. */
const viewKind = 'command-view'

export function createCommands(parts: CommandsParts): Commands {
  const { store, sites, field, arrivals, clock, node, report, turnMs = 1000 } = parts
  const { monotonicMs = () => performance.now() } = parts
  const orders = createOrders(store.records, () => clock.now())
  const stopping = new AbortController()
  const running = new Map<string, SiteCommands>()
  const loops: Promise<void>[] = []
  const shown = new Map<string, string>()
  let failures = 0
  let started = false

  const open = (id: string): SiteCommands =>
    createSiteCommands({
      site: () => sites.get(id).site,
      unitOf: (site, ref) => sites.points(site).get(ref)?.unit,
      links: () => field.links(),
      ...{ store, arrivals, orders, clock, monotonicMs, report },
      lease: createLease({ records: store.records, name: `commands/${id}`, node, monotonicMs }),
    })
  /** Other nodes are asked about the site too. */
  const show = async (id: string, view: CommandsView | undefined): Promise<void> => {
    if (!store.news.shared || !view) return
    const { decidedMs, ...rest } = view
    const now = JSON.stringify(rest)
    if (shown.get(id) === now) return
    shown.set(id, now)
    await store.records.put(viewKind, id, { ...rest, decidedMs })
  }
  const live = async (id: string, site: SiteCommands): Promise<void> => {
    let inARow = 0
    while (!stopping.signal.aborted) {
      const beganMs = monotonicMs()
      try {
        await site.turn()
        await show(id, site.view())
        inARow = 0
      } catch (error) {
        failures += 1
        inARow += 1
        if (Number.isInteger(Math.log2(inARow))) report(error, `${id} is not commanded, ${inARow} turns in a row`)
      }
      const waitMs = Math.max(turnMs / 10, turnMs - (monotonicMs() - beganMs))
      await sleep(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
    }
  }
  const rules = (id: string): CommandRules | undefined => {
    const { site } = sites.get(id)
    return readCommands(site, { unitOf: (ref) => sites.points(site).get(ref)?.unit, isGone: () => false }).rules
  }
  return {
    orders,
    rules,
    start() {
      if (started) return
      started = true
      for (const { site } of sites.all()) {
        if (!commandsOf(site)) continue
        const commanded = open(site.id)
        running.set(site.id, commanded)
        loops.push(live(site.id, commanded))
      }
    },
    turn: async (id) => running.get(id)?.turn(),
    settled: async (id) => running.get(id)?.settled(),
    async view(id) {
      const own = running.get(id)?.view()
      if (own) return own
      const other = store.news.shared ? await store.records.get<CommandsView>(viewKind, id) : undefined
      return other?.content ?? idleView(id, rules(id), (rule) => linkOf(field.links(), id, rule)?.id ?? null)
    },
    log: (id) => createCommandLog(store.journal, id),
    figures() {
      const all = [...running.values()]
      const sum = (of: (site: SiteCommands) => number): number => all.reduce((total, site) => total + of(site), 0)
      const setpoints = all.flatMap((site) => site.view()?.setpoints ?? [])
      const count = (mode: CommandsView['mode']): number => all.filter((site) => site.view()?.mode === mode).length
      return {
        sent: sum((site) => site.counts().sent),
        done: sum((site) => site.counts().done),
        failed: sum((site) => site.counts().failed),
        lines: sum((site) => site.counts().lines),
        mismatches: setpoints.filter(({ mismatch }) => mismatch).length,
        unreached: setpoints.filter((one) => one.gateway === null || one.failures > 0).length,
        sites: { plan: count('plan'), fallback: count('fallback'), hold: count('hold') },
        failures,
      }
    },
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      await Promise.all([...running.values()].map((site) => site.stop()))
    },
  }
}
