import { isBitTable, type ModbusTable, mostBitsRead, mostRegistersRead } from '../wire/pdu.ts'
import type { Register } from './register.ts'

/** One request, and the registers whose values it brings. */
export interface ReadGroup {
  readonly table: ModbusTable
  readonly address: number
  readonly count: number
  readonly registers: readonly Register[]
  /** Addresses of the scale factors that it brings. */
  readonly scaleFactors: readonly number[]
  readonly periodMs: number
}

export interface ReadLimits {
  /** Registers that nobody asked for and that are read along, so that two requests become one. */
  readonly maxGap: number
  /** What the device gives in one answer at most. */
  readonly maxRegisters: number
}

interface Span {
  readonly from: number
  readonly to: number
  readonly register: Register | undefined
  readonly scaleFactorAt: number | undefined
}

/**
 * Few requests for many registers: those of one table and period, in the order of their addresses, as long as gaps and length
 * allow. A register and its scale factor come in one answer where one can hold both, so that they belong together.
 */
export function groupReads(registers: readonly Register[], limits: ReadLimits): readonly ReadGroup[] {
  const kinds = Map.groupBy(registers, ({ table, periodMs }) => `${table} ${periodMs}`)
  const groups = [...kinds.values()].flatMap((kind) => groupKind(kind, limits))
  // Scale factors that stand apart come first: the values need them.
  return groups.toSorted((a, b) => Number(b.scaleFactors.length > 0) - Number(a.scaleFactors.length > 0))
}

function groupKind(registers: readonly Register[], { maxGap, maxRegisters }: ReadLimits): readonly ReadGroup[] {
  const { table, periodMs } = registers[0]!
  const most = isBitTable(table) ? Math.min(mostBitsRead, 16 * maxRegisters) : Math.min(mostRegistersRead, maxRegisters)
  const spans = registers.flatMap((register) => spansOf(register, most)).sort((a, b) => a.from - b.from || b.to - a.to)
  const groups: { from: number; to: number; spans: Span[] }[] = []
  for (const span of spans) {
    const last = groups.at(-1)
    const to = last ? Math.max(last.to, span.to) : 0
    if (last && span.from - last.to <= maxGap && to - last.from <= most) {
      last.to = to
      last.spans.push(span)
    } else groups.push({ from: span.from, to: span.to, spans: [span] })
  }
  return groups.map((group) => ({
    ...{ table, periodMs, address: group.from, count: group.to - group.from },
    registers: group.spans.flatMap(({ register }) => register ?? []),
    scaleFactors: [...new Set(group.spans.flatMap(({ scaleFactorAt }) => scaleFactorAt ?? []))],
  }))
}

function spansOf(register: Register, most: number): readonly Span[] {
  const { address, words, scaleFactorAt } = register
  const own = { from: address, to: address + words }
  if (scaleFactorAt === undefined) return [{ ...own, register, scaleFactorAt: undefined }]
  const both = { from: Math.min(address, scaleFactorAt), to: Math.max(own.to, scaleFactorAt + 1) }
  if (both.to - both.from <= most) return [{ ...both, register, scaleFactorAt }]
  return [
    { ...own, register, scaleFactorAt: undefined },
    { from: scaleFactorAt, to: scaleFactorAt + 1, register: undefined, scaleFactorAt },
  ]
}

/** A request that a device refuses, as two smaller ones; none where it stands for one register. */
export function splitGroup(group: ReadGroup): readonly ReadGroup[] {
  const { registers, scaleFactors, table, periodMs } = group
  if (registers.length < 2) return []
  const sorted = registers.toSorted((a, b) => a.address - b.address)
  const middle = sorted.length >> 1
  const halves = [sorted.slice(0, middle), sorted.slice(middle)]
  const needs = (some: readonly Register[], at: number): boolean =>
    some.some(({ scaleFactorAt }) => scaleFactorAt === at)
  return halves.map((half, index) => {
    // Those that only registers of other requests need stay with the first half.
    const own = scaleFactors.filter((at) => needs(half, at) || (index === 0 && !needs(registers, at)))
    const from = Math.min(...half.map(({ address }) => address), ...own)
    const to = Math.max(...half.map(({ address, words }) => address + words), ...own.map((at) => at + 1))
    return { table, periodMs, address: from, count: to - from, registers: half, scaleFactors: own }
  })
}
