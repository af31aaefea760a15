import { quality } from '../../../kernel/index.ts'
import type { FieldReading } from '../../field-protocol.ts'
import type { Device } from '../devices/resolve-device.ts'
import { groupReads, type ReadGroup } from '../registers/group-reads.ts'
import type { Register } from '../registers/register.ts'
import { noValue, readValue, scaleFactorOf } from '../registers/register-value.ts'
import type { Job, Turns } from './poll-turns.ts'

/** What the client knows of one unit behind the link. */
export interface Unit extends Turns {
  readonly device: Device
  jobs: Job[]
  registers: readonly Register[]
  /** Turns that failed one after the other; 0: it speaks. */
  failures: number
  /** Whether its models have to be looked up before it can be read. */
  isUnknown: boolean
  readonly scaleFactors: Map<string, number | undefined>
  /** Points whose gap was told. */
  readonly gaps: Set<string>
}

export function createUnit(device: Device): Unit {
  const unit: Unit = {
    ...{ device, jobs: [], registers: device.registers, failures: 0, isUnknown: device.sunspec.length > 0 },
    ...{ notBeforeMs: 0, servedMs: 0, scaleFactors: new Map(), gaps: new Set() },
  }
  planReads(unit, device.registers, 0)
  return unit
}

/** Sets what is read of a unit. */
export function planReads(unit: Unit, registers: readonly Register[], nowMs: number): void {
  unit.registers = registers
  unit.scaleFactors.clear()
  const readable = registers.filter(({ isWriteOnly }) => !isWriteOnly)
  unit.jobs = groupReads(readable, unit.device.limits).map((group) => newJob(unit, group, nowMs))
}

const newJob = (unit: Unit, group: ReadGroup, dueMs: number): Job => ({
  ...{ unit, group, dueMs, tries: 0, failures: 0, placed: false },
})

/** Puts smaller requests in the place of one that the device refuses. */
export function replaceJob(unit: Unit, job: Job, groups: readonly ReadGroup[], nowMs: number): void {
  unit.jobs = unit.jobs.filter((other) => other !== job).concat(groups.map((group) => newJob(unit, group, nowMs)))
}

/** The readings in an answer. A gap that was told is not told again; a value ends it. */
export function readingsOf(
  unit: Unit,
  group: ReadGroup,
  words: Uint16Array,
  timestampMs: number,
): readonly FieldReading[] {
  for (const at of group.scaleFactors) {
    unit.scaleFactors.set(`${group.table} ${at}`, scaleFactorOf(words[at - group.address]!))
  }
  const readings: FieldReading[] = []
  for (const register of group.registers) {
    const { ref, unit: unitOfPoint, address, scaleFactorAt } = register
    let power: number | undefined = 0
    if (scaleFactorAt !== undefined) {
      const key = `${group.table} ${scaleFactorAt}`
      // Not read yet: the value comes with the next turn.
      if (!unit.scaleFactors.has(key)) continue
      power = unit.scaleFactors.get(key)
    }
    // An undefined power is a scale factor that is not there.
    const { value, quality: how } =
      power === undefined ? noValue : readValue(register, words, address - group.address, power)
    if (how === quality.missing) {
      if (unit.gaps.has(ref)) continue
      unit.gaps.add(ref)
    } else unit.gaps.delete(ref)
    readings.push({ ref, timestampMs, value, quality: how, unit: unitOfPoint })
  }
  return readings
}

/** Missing values of points that spoke, or of which nothing was ever told: once, when the gap begins. */
export function gapsOf(
  unit: Unit,
  points: Iterable<{ readonly ref: string; readonly unit: string }>,
  timestampMs: number,
): readonly FieldReading[] {
  const readings: FieldReading[] = []
  for (const { ref, unit: unitOfPoint } of points) {
    if (unit.gaps.has(ref)) continue
    unit.gaps.add(ref)
    readings.push({ ref, timestampMs, value: Number.NaN, quality: quality.missing, unit: unitOfPoint })
  }
  return readings
}

/** All points that are read of a unit, those of models that are not known yet too. */
export const pointsOf = (unit: Unit): readonly { readonly ref: string; readonly unit: string }[] => {
  const registers = unit.isUnknown ? unit.device.registers : unit.registers
  const readable = registers.filter(({ isWriteOnly }) => !isWriteOnly)
  return unit.isUnknown ? [...readable, ...unit.device.sunspec] : readable
}
