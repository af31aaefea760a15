/** A limit that a charger has taken, amperes a phase. */
export interface HeldLimit {
  readonly limitA: number
  /** The one phase of the site that it draws from; −1: all of its own. Absent: all. */
  readonly alone?: number
  /** It ends by itself then, UTC ms. */
  readonly untilMs: number
  /** When it was changed last. */
  readonly changedMs: number
}

/** One charger when limits are chosen. */
export interface ChargerMoment {
  /** What it may draw, amperes a phase; 0 where nobody charges. */
  readonly grantA: number
  readonly leastA: number
  readonly charges: boolean
  readonly held: HeldLimit | undefined
  /** Whether it can be told something now: its line is up, and nothing is on its way to it. */
  readonly ready: boolean
}

export interface LimitChoice {
  readonly number: number
  readonly limitA: number
}

export interface ChooseSettings {
  readonly nowMs: number
  /** How long a limit holds without a new one, ms. */
  readonly holdMs: number
  /** Most that is sent now besides what is lowered. */
  readonly most: number
}

/** Limits go in tenths of an ampere: OCPP 1.6 has no more. */
const stepsPerA = 10
/** What is lowered is lowered by this more, so that a grant that falls on does not go out every second. */
const marginA = 0.5
/** A limit is raised by this at least. */
const leastRaiseA = 1
/** A limit is raised when it was not changed for this long: clouds come and go. */
const raiseAfterMs = 10_000
/** And when it rises by more than this share. */
const raiseShare = 0.05

/** A grant, less a margin where there is room for one, as a limit; a grant below the least is a pause. */
function limitOf({ grantA, leastA }: ChargerMoment, lessA = 0): number {
  if (grantA < leastA - 1e-6) return 0
  return Math.max(leastA, Math.floor((grantA - lessA + 1e-6) * stepsPerA) / stepsPerA)
}

/**
 * Which chargers are told a limit now. A lower one goes out at once and to all, so that no charger ever holds more than its grant;
 * what is raised or renewed waits for its turn. Who charges nothing is told 0 once, so that nobody begins with the limit of somebody
 * else, and then left alone.
 */
export function chooseLimits(chargers: readonly ChargerMoment[], settings: ChooseSettings): readonly LimitChoice[] {
  const { nowMs, holdMs, most } = settings
  const lowered: LimitChoice[] = []
  const started: LimitChoice[] = []
  const raised: LimitChoice[] = []
  const renewed: (LimitChoice & { readonly untilMs: number })[] = []
  for (const [number, charger] of chargers.entries()) {
    if (!charger.ready) continue
    const limitA = charger.charges ? limitOf(charger) : 0
    const held = charger.held && charger.held.untilMs > nowMs ? charger.held : undefined
    const choice = { number, limitA }
    if (!held) {
      if (charger.charges) started.push(choice)
    } else if (limitA < held.limitA - 1e-6)
      lowered.push({ number, limitA: charger.charges ? limitOf(charger, marginA) : 0 })
    else if (!charger.charges) continue
    else if (limitA > held.limitA + Math.max(leastRaiseA, raiseShare * held.limitA) - 1e-6) {
      if (held.limitA === 0 || nowMs - held.changedMs >= raiseAfterMs) raised.push(choice)
      else if (held.untilMs - nowMs < holdMs / 3) renewed.push({ number, limitA: held.limitA, untilMs: held.untilMs })
    } else if (held.untilMs - nowMs < holdMs / 3)
      renewed.push({ number, limitA: Math.min(limitA, held.limitA), untilMs: held.untilMs })
  }
  renewed.sort((a, b) => a.untilMs - b.untilMs)
  const others = [...started, ...renewed.map(({ number, limitA }) => ({ number, limitA })), ...raised]
  return [...lowered, ...others.slice(0, most)]
}
