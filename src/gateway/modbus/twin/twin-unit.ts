import type { TwinPorts } from '../../field-protocol.ts'
import type { Device } from '../devices/resolve-device.ts'
import type { Register } from '../registers/register.ts'
import { missingWords, readValue, writeValue } from '../registers/register-value.ts'
import { exception, isBitTable, type ModbusTable } from '../wire/pdu.ts'
import { fixedWords, sunspecTwin } from './fixed-words.ts'

/** What a unit answers to a read: words, or an exception code. */
export type TwinRead = { readonly words: Uint16Array } | { readonly exception: number }

/** One simulated unit: its registers with the physics of the site behind them. */
export interface TwinUnit {
  readonly device: Device
  read(table: ModbusTable, address: number, count: number): TwinRead
  /** Writes words; an exception code where it does not take them. */
  write(table: ModbusTable, address: number, words: Uint16Array): number | undefined
}

const bottomPower = -3
const topPower = 10
/** No value has more registers. */
const widest = 4

/** Plays a device from its map. Registers are looked up by address; what stands between them reads as 0. */
export function createTwinUnit(device: Device, ports: TwinPorts): TwinUnit {
  const chain = sunspecTwin(device)
  const registers = [...device.registers, ...chain.registers]
  const fixed = [...chain.fixed, ...fixedWords(device)]
  const byTable = Map.groupBy(
    registers.toSorted((a, b) => a.address - b.address),
    ({ table }) => table,
  )
  const sharing = Map.groupBy(
    registers.filter(({ scaleFactorAt }) => scaleFactorAt !== undefined),
    ({ table, scaleFactorAt }) => `${table} ${scaleFactorAt}`,
  )
  const mapped = new Map<ModbusTable, Set<number>>()
  const note = (table: ModbusTable, from: number, count: number): void => {
    const addresses = mapped.get(table) ?? new Set()
    mapped.set(table, addresses)
    for (let at = from; at < from + count; at += 1) addresses.add(at)
  }
  for (const { table, address, words, scaleFactorAt } of registers) {
    note(table, address, words)
    if (scaleFactorAt !== undefined) note(table, scaleFactorAt, 1)
  }
  for (const { table, address, words } of fixed) note(table, address, words.length)

  const written = new Map<Register, Uint16Array>()
  const held = new Map<Register, number>()
  /** What a counter had when it began at 0 again. */
  const restarted = new Map<Register, number>()
  let wasReset = false

  const trueValue = (register: Register): number | undefined => {
    const faults = ports.faults()
    if (faults.includes('stuck') && held.has(register)) return held.get(register)
    const isReset = faults.includes('counter-reset')
    if (isReset && !wasReset) {
      for (const one of registers) {
        const value = one.isCounter ? ports.read(one.ref) : undefined
        if (value !== undefined) restarted.set(one, value)
      }
    }
    wasReset = isReset
    const now = ports.read(register.ref)
    if (now === undefined || Number.isNaN(now)) return undefined
    const value = now - (restarted.get(register) ?? 0)
    held.set(register, value)
    return value
  }

  /** The finest power of ten by which all values that share it fit into their registers. */
  const powerOf = ({ table, scaleFactorAt }: Register): number => {
    if (scaleFactorAt === undefined) return 0
    const values = sharing.get(`${table} ${scaleFactorAt}`)!.map((one) => [one, trueValue(one)] as const)
    for (let power = bottomPower; power < topPower; power += 1) {
      if (values.every(([one, value]) => value === undefined || writeValue(one, value, power))) return power
    }
    return topPower
  }

  const wordsOf = (register: Register): Uint16Array | undefined => {
    const own = written.get(register)
    if (own) return own
    const value = trueValue(register)
    const words = value === undefined ? undefined : writeValue(register, value, powerOf(register))
    return words ?? missingWords(register) ?? (register.write ? new Uint16Array(register.words) : undefined)
  }

  return {
    device,
    read(table, address, count) {
      const addresses = mapped.get(table)
      if (!addresses?.has(address) || !addresses.has(address + count - 1))
        return { exception: exception.illegalAddress }
      const words = new Uint16Array(count)
      const put = (at: number, some: Uint16Array): void => {
        for (let index = 0; index < some.length; index += 1) {
          const place = at + index - address
          if (place >= 0 && place < count) words[place] = some[index]!
        }
      }
      for (const part of fixed) if (part.table === table) put(part.address, part.words)
      const list = byTable.get(table) ?? []
      const powers = new Map<number, number>()
      for (let index = firstFrom(list, address - widest); index < list.length; index += 1) {
        const register = list[index]!
        if (register.address >= address + count) break
        if (register.address + register.words <= address) continue
        const own = register.isWriteOnly ? undefined : wordsOf(register)
        if (!own) return { exception: exception.illegalAddress }
        put(register.address, own)
      }
      for (const some of sharing.values()) {
        const [{ table: itsTable, scaleFactorAt: at = -1 }] = some as [Register]
        if (itsTable === table && at >= address && at < address + count) powers.set(at, powerOf(some[0]!))
      }
      for (const [at, power] of powers) put(at, Uint16Array.of(power & 0xffff))
      return { words }
    },
    write(table, address, words) {
      const touched = (byTable.get(table) ?? []).filter(
        (one) => one.address < address + words.length && one.address + one.words > address,
      )
      const covered = new Set(
        touched.flatMap((one) => Array.from({ length: one.words }, (_, index) => one.address + index)),
      )
      const all = words.every((_, index) => covered.has(address + index))
      if (!all || touched.some(({ write }) => write === undefined)) return exception.illegalAddress
      const next = touched.map((register) => {
        const own = Uint16Array.from(wordsOf(register) ?? new Uint16Array(register.words))
        for (const [index, word] of words.entries()) {
          const at = address + index - register.address
          if (at >= 0 && at < own.length) own[at] = isBitTable(table) ? Number(word !== 0) : word
        }
        return [register, own, readValue(register, own, 0, powerOf(register)).value] as const
      })
      const fits = next.every(([{ least, most }, , value]) => value >= least && value <= most)
      if (!fits) return exception.illegalValue
      for (const [register, own, value] of next) {
        written.set(register, own)
        ports.write(register.ref, value)
      }
      return undefined
    },
  }
}

/** Index of the first register at or after an address, by halving. */
function firstFrom(list: readonly Register[], address: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.address < address) low = middle + 1
    else high = middle
  }
  return low
}
