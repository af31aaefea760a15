import type { PointDeclaration } from '../../kernel/index.ts'

/** Something that a setpoint yields to, whatever is asked for. Values are in the unit of the setpoint. */
export interface InterlockRule {
  readonly id: string
  readonly title: string
  /** The comparison as written; it holds too while what it names is not known. */
  readonly while: string
  readonly force: number | null
  readonly least: number | null
  readonly most: number | null
  readonly staleMs: number
}

export interface ReadBackRule {
  readonly ref: string
  readonly tolerance: number
  readonly withinMs: number
}

/** One setpoint that is commanded. Values are in the unit of its point. */
export interface SetpointRule {
  readonly id: string
  readonly title: string
  readonly ref: string
  readonly unit: string
  /** Asset whose plan is followed, and how many of the unit make a kW that it supplies; null where {@link follows} says. */
  readonly power: { readonly asset: string; readonly perKw: number } | null
  /** Series of the plan, in the unit of the point. */
  readonly follows: string | null
  readonly gateway: string | null
  readonly least: number
  readonly most: number
  /** 0 = any value. */
  readonly step: number
  /** null = a change goes out at once. */
  readonly rampPerMinute: number | null
  readonly deadband: number
  readonly minIntervalMs: number
  readonly repeatMs: number | null
  readonly readBack: ReadBackRule | null
  /** In the order of the file: where two contradict each other, the first holds. */
  readonly interlocks: readonly InterlockRule[]
  /** Ascending minutes of the local day, each with the value from then on; before the first that of the last holds. */
  readonly fallback: readonly { readonly fromMinute: number; readonly value: number }[]
}

/** The connection of the site, where its power is measured. */
export interface ConnectionRule {
  /** Point of its power, kW, + imports. */
  readonly ref: string
  readonly importKw: number | null
  readonly exportKw: number | null
}

/** Everything that decides what is commanded, as plain JSON: it stands in the log, and a replay needs no site file. */
export interface CommandRules {
  readonly site: string
  readonly zone: string
  readonly currency: string
  readonly watchdogMs: number
  readonly staleMs: number
  /** Points without which the plan is not followed. */
  readonly inputs: readonly string[]
  readonly connection: ConnectionRule | null
  /** Units of the points that are named. */
  readonly units: Readonly<Record<string, string>>
  /** Declarations of the computed points that these need. */
  readonly computed: Readonly<Record<string, PointDeclaration>>
  readonly setpoints: readonly SetpointRule[]
}
