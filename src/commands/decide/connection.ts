import type { CommandRules, SetpointRule } from '../rules/command-rules.ts'
import { type CommandMemory, memoryOf } from './memory.ts'
import type { Seen } from './readings.ts'
import { shown, type Why, why } from './why.ts'

/** What the connection of the site still has room for, kW; taken setpoint by setpoint. */
export interface ConnectionRoom {
  /** Holds back a change by which more is drawn, or supplied, than there is room for, and says so. */
  holdBack(setpoint: SetpointRule, from: number, to: number): { readonly value: number; readonly why: readonly Why[] }
}

const unlimited: ConnectionRoom = { holdBack: (_, _from, value) => ({ value, why: [] }) }

/**
 * Room by the meter of the connection, less what was commanded and is not done yet, as far as read-backs tell it. Where the meter
 * is not known nothing is held back: whoever wants the fallback then names it among `inputs`.
 */
export function connectionRoom(
  { connection, setpoints, staleMs }: CommandRules,
  memory: CommandMemory,
  seen: Seen,
): ConnectionRoom {
  if (!connection) return unlimited
  const meteredKw = seen.valueOf(connection.ref, staleMs)
  if (!Number.isFinite(meteredKw)) return unlimited
  let importKw = meteredKw
  for (const { ref, readBack, power } of setpoints) {
    const { reference } = memoryOf(memory, ref)
    if (reference === null || !readBack || !power) continue
    const done = seen.valueOf(readBack.ref, staleMs)
    if (Number.isFinite(done)) importKw -= (reference - done) / power.perKw
  }
  return {
    holdBack({ power }, from, to) {
      if (!power) return { value: to, why: [] }
      const suppliedKw = (to - from) / power.perKw
      const draws = suppliedKw < 0
      const limitKw = draws ? connection.importKw : connection.exportKw
      const roomKw =
        limitKw === null ? Number.POSITIVE_INFINITY : Math.max(0, draws ? limitKw - importKw : limitKw + importKw)
      const allowedKw = Math.sign(suppliedKw) * Math.min(Math.abs(suppliedKw), roomKw)
      importKw -= allowedKw
      if (allowedKw === suppliedKw) return { value: to, why: [] }
      const text = `Held back: the connection may ${draws ? 'import' : 'export'} ${shown(limitKw!)} kW.`
      const told = why(draws ? 'import-limit' : 'export-limit', text, { limitKw: limitKw! })
      return { value: from + allowedKw * power.perKw, why: [told] }
    },
  }
}
