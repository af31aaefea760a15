import type { Priority } from '../schema.ts'

/** A figure that alarm systems are held against, with who says so. */
export interface Target {
  readonly most: number
  readonly source: string
}

const isa = 'ANSI/ISA-18.2-2016, clause 16, summary of performance metrics'
const eemua = 'EEMUA 191, 3rd edition 2013, section on performance metrics'

/** What is held to be manageable for one operator. */
export const targets = {
  averagePerTenMinutes: { most: 1, source: `${eemua}: very likely to be acceptable; ${isa}: about 1, at most 2` },
  peakPerTenMinutes: { most: 10, source: isa },
  floodShare: { most: 0.01, source: `${isa}: about 1 % of ten-minute periods with more than 10 alarms` },
  topTenShare: { most: 0.05, source: `${isa}: about 1 % to 5 %` },
  chattering: { most: 0, source: isa },
  fleeting: { most: 0, source: isa },
  stale: { most: 4, source: `${isa}: fewer than 5 on any day` },
  standing: { most: 9, source: `${eemua}: fewer than 10 in steady operation` },
} as const satisfies Readonly<Record<string, Target>>

/** More alarms than this of one operator in ten minutes are a flood (ISA-18.2, 3.1). */
export const floodAbove = 10

/** Shares of the priorities of what is announced: ISA-18.2 with four priorities, from 80/15/5 with three. */
export const priorityShares: Readonly<Record<Priority, number>> = { critical: 0.01, high: 0.05, medium: 0.15, low: 0.8 }
