import {
  type CommandRules,
  type CommandSource,
  type Decided,
  type FollowMode,
  type Hold,
  type KnownReading,
  type LogState,
  memoryOf,
  type Override,
  type PlanRef,
  type SetpointRule,
  type SetpointState,
  type Why,
} from '../../commands/index.ts'

/** One commanded setpoint as the API shows it. Values are in its unit. */
export interface SetpointView {
  readonly ref: string
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly least: number
  readonly most: number
  /** Gateway that takes it; null: none does, and commands go nowhere. */
  readonly gateway: string | null
  /** Whose wish is followed; null: nothing was decided yet. */
  readonly source: CommandSource | null
  readonly wanted: number | null
  readonly value: number | null
  readonly sent: { readonly value: number; readonly atMs: number; readonly pending: boolean } | null
  readonly confirmed: { readonly value: number; readonly atMs: number } | null
  readonly failures: number
  readonly mismatch: boolean
  readonly interlocks: readonly string[]
  readonly readBack: (KnownReading & { readonly ref: string }) | null
  readonly override: Override | null
  readonly why: readonly Why[]
}

/** What a site is commanded, with why. */
export interface CommandsView {
  readonly site: string
  /** Whether some node commands the site. */
  readonly running: boolean
  /** When something was decided last; null: never. */
  readonly decidedMs: number | null
  readonly mode: FollowMode['kind'] | null
  readonly sinceMs: number | null
  /** Why not the plan. */
  readonly causes: readonly Why[]
  readonly plan: PlanRef | null
  readonly hold: Hold | null
  readonly setpoints: readonly SetpointView[]
}

const quiet = { sent: null, confirmed: null, failures: 0, mismatch: false, interlocks: [] } as const

/** A site of which nothing was decided. */
export const idleView = (
  site: string,
  rules: CommandRules | undefined,
  gatewayOf: (rule: SetpointRule) => string | null,
): CommandsView => ({
  ...{ site, running: false, decidedMs: null, mode: null, sinceMs: null, causes: [], plan: null, hold: null },
  setpoints: (rules?.setpoints ?? []).map((rule) => ({
    ...describe(rule, gatewayOf),
    ...{ source: null, wanted: null, value: null, readBack: null, override: null, why: [] },
    ...quiet,
  })),
})

const describe = (rule: SetpointRule, gatewayOf: (rule: SetpointRule) => string | null) => {
  const { ref, id, title, unit, least, most } = rule
  return { ref, id, title, unit, least, most, gateway: gatewayOf(rule) }
}

export interface ViewParts {
  readonly decidedMs: number
  readonly decided: Pick<Decided, 'mode' | 'causes' | 'states'>
  readonly readings: Readonly<Record<string, KnownReading>>
  gatewayOf(rule: SetpointRule): string | null
}

export function viewOf(state: LogState, { decidedMs, decided, readings, gatewayOf }: ViewParts): CommandsView {
  const { rules, overrides, plan, hold, memory } = state
  const states = new Map<string, SetpointState>(decided.states.map((one) => [one.ref, one]))
  return {
    ...{ site: rules.site, running: true, decidedMs, mode: decided.mode.kind, sinceMs: decided.mode.sinceMs },
    ...{ causes: decided.causes, plan, hold },
    setpoints: rules.setpoints.map((rule): SetpointView => {
      const { sent, confirmed, failures, mismatch, interlocks } = memoryOf(memory, rule.ref)
      const { source = null, wanted = null, value = null, why = [] } = states.get(rule.ref) ?? {}
      const reading = rule.readBack && readings[rule.readBack.ref]
      return {
        ...describe(rule, gatewayOf),
        ...{ source, wanted, value, why, failures, mismatch, interlocks, confirmed },
        sent: sent && { value: sent.value, atMs: sent.atMs, pending: sent.pending },
        readBack: reading ? { ref: rule.readBack!.ref, ...reading } : null,
        override: overrides.find(({ ref, untilMs }) => ref === rule.ref && untilMs > decidedMs) ?? null,
      }
    }),
  }
}
