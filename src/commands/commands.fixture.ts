import type { PlanOutput } from '../energy/index.ts'
import { energyPack } from '../energy/index.ts'
import { type Pack, quality, readSite, type SectionPoints, type Site } from '../kernel/index.ts'
import {
  acknowledge,
  type CommandMemory,
  type CommandRules,
  commandsPack,
  compileRules,
  decide,
  emptyMemory,
  type KnownReading,
  readCommands,
  type Situation,
} from './index.ts'

/** Midnight of a Monday in July at the site, which lives in UTC. */
export const dawnMs = Date.UTC(2026, 6, 6)

const packs: readonly Pack[] = [energyPack, commandsPack]

/** A yard with a battery, an array and a load behind a connection. */
export const yardText = (commands: string, more = ''): string => `
id: yard
name: Battery yard
location: { latitude: 31, longitude: 119, altitudeM: 10 }
zone: UTC
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 400, exportLimitKw: 300 }
  battery: { kind: battery, capacityKwh: 800, maxChargeKw: 200, maxDischargeKw: 200 }
  roof: { kind: pv, capacityKwp: 300, production: 100 }
  works: { kind: load, demand: 150 }
points:
  battery.targetKw: { title: Setpoint of the battery, unit: kW }
  battery.doorOpen: { unit: "1" }
  battery.cellC: { unit: degC }
  roof.limitKw: { unit: kW }
  roof.otherKw: { unit: kW, expression: grid.powerKw + battery.powerKw }
tariff: { import: {} }
${more}
commands:
${commands.replaceAll(/^/gm, '  ')}
`

/** One setpoint with everything that bends it. */
export const usualCommands = `
watchdog: 20m
staleAfter: 30s
inputs: [grid.powerKw]
setpoints:
  battery:
    title: Battery
    point: battery.targetKw
    least: -150 kW
    most: 150 kW
    step: 1 kW
    rampPerMinute: 600 kW
    deadband: 2 kW
    minInterval: 1s
    readBack: { point: battery.powerKw, tolerance: 5 kW, within: 10s }
    interlocks:
      door: { title: Door open, while: battery.doorOpen > 0, force: 0 }
      hot: { title: Cells hot, while: battery.cellC > 45 degC, least: -50 kW, most: 50 kW }
    fallback:
      - { from: "06:00", value: 0 }
      - { from: "22:00", value: -40 kW }
`

export const siteOf = (text: string): Site => readSite(text, { file: 'yard.yaml', packs })

export function unitsOf(site: Site): SectionPoints {
  const kinds = new Map(energyPack.assets.map((kind) => [kind.kind, kind]))
  const units = new Map<string, string>(
    site.assets.flatMap(({ id, kind }) =>
      (kinds.get(kind)?.points ?? []).map((point): [string, string] => [`${id}.${point.id}`, point.unit]),
    ),
  )
  for (const [ref, point] of Object.entries((site.sections.points ?? {}) as Record<string, { unit: string }>)) {
    units.set(ref, point.unit)
  }
  return { unitOf: (ref) => units.get(ref), isGone: () => false }
}

export function rulesOf(commands: string = usualCommands): CommandRules {
  const site = siteOf(yardText(commands))
  const { rules, problems } = readCommands(site, unitsOf(site))
  if (!rules || problems.length > 0) throw new Error(JSON.stringify(problems))
  return rules
}

/** A plan of a day in hours; of its numbers only what is followed is real. */
export function planOf(series: PlanOutput['series'], startMs = dawnMs, ok = true): NonNullable<Situation['plan']> {
  const kinds: Readonly<Record<string, string>> = { battery: 'battery', roof: 'pv', works: 'load', grid: 'grid' }
  const ids = [...new Set(Object.keys(series).map((ref) => ref.slice(0, ref.indexOf('.'))))]
  const output = {
    ...{ site: 'yard', status: 'optimal', startMs, stepMinutes: 60, series, units: {} },
    assets: ids.map((id) => ({ id, kind: kinds[id] ?? 'load', title: id })),
    certificate: { ok, maxResidual: 0, boundGap: 0, limitsChecked: 4 },
  } as unknown as PlanOutput
  return { evidence: 'e'.repeat(64), outputSha256: 'f'.repeat(64), publishedMs: startMs, output }
}

export const hours = (value: number): number[] => Array.from({ length: 24 }, () => value)

export const reading = (value: number | null, atMs: number, code: number = quality.good): KnownReading => ({
  value,
  quality: value === null ? quality.missing : code,
  atMs,
})

/** A battery that follows what it is told, and a loop around it: one decision a second. */
export interface Rig {
  nowMs: number
  memory: CommandMemory
  plan: Situation['plan']
  overrides: Situation['overrides']
  hold: Situation['hold']
  readings: Record<string, KnownReading>
  /** What the machine does; it stands still while stuck. */
  powerKw: number
  stuck: boolean
  refuses: boolean
  sent: { readonly atMs: number; readonly value: number; readonly codes: readonly string[] }[]
  /** Decides, and has what is due done at once. */
  turn(seconds?: number): ReturnType<typeof decide>
}

export function rigOf(rules: CommandRules = rulesOf()): Rig {
  const compiled = compileRules(rules)
  const { ref } = rules.setpoints[0]!
  const rig: Rig = {
    nowMs: dawnMs + 12 * 3_600_000,
    memory: emptyMemory(rules),
    plan: null,
    overrides: [],
    hold: null,
    readings: {},
    powerKw: 0,
    stuck: false,
    refuses: false,
    sent: [],
    turn(seconds = 1) {
      let decided: ReturnType<typeof decide> | undefined
      for (let k = 0; k < seconds; k += 1) {
        rig.nowMs += 1000
        const at = rig.nowMs
        const told = {
          'grid.powerKw': reading(50, at),
          'battery.powerKw': reading(rig.powerKw, at),
          'battery.doorOpen': reading(0, at),
          'battery.cellC': reading(25, at),
          ...rig.readings,
        }
        const { plan, overrides, hold } = rig
        const situation: Situation = { nowMs: at, elapsedMs: 1000, plan, readings: told, overrides, hold, nowhere: [] }
        decided = decide(compiled, situation, rig.memory)
        rig.memory = decided.memory
        for (const command of decided.commands) {
          rig.sent.push({ atMs: at, value: command.value, codes: command.why.map(({ code }) => code) })
          if (command.ref === ref && !rig.stuck && !rig.refuses) rig.powerKw = command.value
          rig.memory = acknowledge(rig.memory, {
            ...{ ref: command.ref, value: command.value, sentMs: at, atMs: at },
            ...(rig.refuses ? { outcome: 'failed', problem: 'gateway.no-link' } : { outcome: 'done' }),
          })
        }
      }
      return decided!
    },
  }
  return rig
}
