import type { Session } from './charging-queries.ts'

export type SessionFilter = 'all' | 'running' | 'ended'

/** Sessions that run or have ended, and whose station, card or id has a text. */
export function filterSessions(sessions: readonly Session[], filter: SessionFilter, text: string): readonly Session[] {
  const wanted = text.trim().toLowerCase()
  return sessions.filter(
    ({ id, station, card, endedMs }) =>
      (filter === 'all' || (filter === 'running') === (endedMs === null)) &&
      (wanted === '' || [id, station, card ?? ''].some((one) => one.toLowerCase().includes(wanted))),
  )
}

export interface SessionTotals {
  readonly energyKwh: number
  /** By currency: sums of different moneys are none. */
  readonly money: readonly { readonly currency: string; readonly gross: number }[]
}

export function sessionTotals(sessions: readonly Session[]): SessionTotals {
  const money = new Map<string, number>()
  for (const { bill } of sessions) if (bill) money.set(bill.currency, (money.get(bill.currency) ?? 0) + bill.gross)
  return {
    energyKwh: sessions.reduce((sum, { energyKwh }) => sum + (energyKwh ?? 0), 0),
    money: [...money].map(([currency, gross]) => ({ currency, gross })),
  }
}

/** What a kWh cost in the end, taxes and all; undefined where none was taken. */
export const paidPerKwh = ({ bill, energyKwh }: Session): number | undefined =>
  bill && energyKwh !== null && energyKwh > 0 ? bill.gross / energyKwh : undefined
