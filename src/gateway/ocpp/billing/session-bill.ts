import { localParts } from '../../../kernel/index.ts'
import type { Transaction } from '../central/transaction.ts'
import {
  type ChargingTariff,
  checkTariff,
  minutesOf,
  type PriceComponent,
  priceAt,
  type TariffMoment,
} from './charging-tariff.ts'

/** A session that has ended, with its register at the times it was told. */
export type BilledSession = Pick<Transaction, 'startedMs' | 'endedMs' | 'startWh' | 'registerWh'> &
  Partial<Pick<Transaction, 'inferred'>>

export interface BillLine {
  readonly kind: PriceComponent['kind']
  readonly price: number
  /** kWh, hours, or 1. */
  readonly quantity: number
  readonly amount: number
}

/** A stretch of a session at one price of each kind. */
export interface BilledPeriod {
  readonly startMs: number
  readonly energyKwh: number
  readonly chargingHours: number
  readonly parkingHours: number
}

export interface SessionBill {
  readonly tariffId: string
  readonly currency: string
  readonly energyKwh: number
  readonly lines: readonly BillLine[]
  /** In order of time; all of the session. */
  readonly periods: readonly BilledPeriod[]
  readonly net: number
  readonly tax: number
  readonly gross: number
  /** Nobody told its end: it is charged as far as anything was told of it. */
  readonly inferred: boolean
}

export type BillOutcome =
  | { readonly kind: 'bill'; readonly bill: SessionBill }
  /** Nothing is made up: a session whose energy is not known has no bill. */
  | { readonly kind: 'no-bill'; readonly reason: 'still-running' | 'no-register' | 'register-fell' }

const hourMs = 3_600_000

/**
 * What a session costs. Each stretch between two register values is charged at the prices where it begins, cut where the clock
 * crosses a border of the tariff; energy is spread evenly over a stretch. A stretch without energy is parking.
 *
 * Money is summed in whole units; the lines add up to `net`, and `net + tax` to `gross`, exactly.
 *
 * @param zone IANA zone of the clock times
 * @throws `ocpp.bad-tariff`
 */
export function billSession(session: BilledSession, tariff: ChargingTariff, zone: string): BillOutcome {
  checkTariff(tariff)
  const { startedMs, endedMs, startWh } = session
  if (endedMs === undefined) return { kind: 'no-bill', reason: 'still-running' }
  const register = session.registerWh.toSorted((a, b) => a.atMs - b.atMs)
  const first = startWh ?? register[0]?.wh
  if (first === undefined || register.length === 0) return { kind: 'no-bill', reason: 'no-register' }
  // What was told at the very moment of the start is energy too, where it is more than the start.
  const points = [
    { atMs: startedMs, wh: first },
    ...register.filter(({ atMs, wh }) => atMs <= endedMs && (atMs > startedMs || (atMs === startedMs && wh > first))),
  ]
  if (points.some(({ wh }, index) => index > 0 && wh < points[index - 1]!.wh))
    return { kind: 'no-bill', reason: 'register-fell' }
  const last = points.at(-1)!
  if (last.atMs < endedMs) points.push({ atMs: endedMs, wh: last.wh })

  const quantities = new Map<string, { kind: PriceComponent['kind']; price: number; quantity: number }>()
  const add = (kind: PriceComponent['kind'], price: number | undefined, quantity: number): void => {
    if (price === undefined || quantity === 0) return
    const key = `${kind} ${price}`
    quantities.set(key, { kind, price, quantity: (quantities.get(key)?.quantity ?? 0) + quantity })
  }
  const periods = createPeriods(tariff, startedMs)
  add('flat', priceAt(tariff, 'flat', momentOf(startedMs, 0, zone)), 1)
  let energyKwh = 0
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1]!, points[index]!]
    const stretchKwh = (to.wh - from.wh) / 1000
    const wholeMs = to.atMs - from.atMs
    if (wholeMs === 0) {
      const moment = momentOf(from.atMs, energyKwh, zone)
      add('energy', priceAt(tariff, 'energy', moment), stretchKwh)
      periods.add(from.atMs, moment, { energyKwh: stretchKwh })
      energyKwh += stretchKwh
      continue
    }
    const parts = cutAtBorders(tariff, from.atMs, to.atMs, zone)
    const startKwh = energyKwh
    for (const [startMs, endMs] of cutAtEnergies(tariff, parts, { fromMs: from.atMs, wholeMs, startKwh, stretchKwh })) {
      const kwh = stretchKwh * ((endMs - startMs) / wholeMs)
      const moment = momentOf(startMs, startKwh + stretchKwh * ((startMs - from.atMs) / wholeMs) + 1e-9, zone)
      add('energy', priceAt(tariff, 'energy', moment), kwh)
      const kind = stretchKwh > 0 ? 'time' : 'parking'
      const hours = (endMs - startMs) / hourMs
      add(kind, priceAt(tariff, kind, moment), hours)
      periods.add(startMs, moment, { energyKwh: kwh, [kind === 'time' ? 'chargingHours' : 'parkingHours']: hours })
    }
    energyKwh += stretchKwh
  }
  const sum = sumUp([...quantities.values()], energyKwh, tariff)
  return { kind: 'bill', bill: { ...sum, periods: periods.all(), inferred: session.inferred ?? false } }
}

/** Puts stretches together for as long as all prices stay, and it stays charging or parking. */
function createPeriods(tariff: ChargingTariff, startedMs: number) {
  const periods: { -readonly [Field in keyof BilledPeriod]: BilledPeriod[Field] }[] = []
  let before: string | undefined
  const empty = { energyKwh: 0, chargingHours: 0, parkingHours: 0 }
  return {
    add(startMs: number, moment: TariffMoment, more: Partial<BilledPeriod>): void {
      const kinds = ['energy', 'time', 'parking'] as const
      const parking = (more.parkingHours ?? 0) > 0
      const now = JSON.stringify([parking, ...kinds.map((kind) => priceAt(tariff, kind, moment) ?? null)])
      if (now !== before || periods.length === 0) periods.push({ startMs, ...empty })
      before = now
      const last = periods.at(-1)!
      last.energyKwh += more.energyKwh ?? 0
      last.chargingHours += more.chargingHours ?? 0
      last.parkingHours += more.parkingHours ?? 0
    },
    /** A session of no length has one. */
    all: (): readonly BilledPeriod[] => (periods.length > 0 ? periods : [{ startMs: startedMs, ...empty }]),
  }
}

function sumUp(
  quantities: readonly Omit<BillLine, 'amount'>[],
  energyKwh: number,
  { id, currency, moneyUnit, minimum, maximum, taxShare = 0 }: ChargingTariff,
): Omit<SessionBill, 'periods' | 'inferred'> {
  // Whole units of money: a half goes up, and what binary fractions show as a little less than a half is one.
  const units = (amount: number): number =>
    Math.sign(amount) * Math.round(Math.abs(amount / moneyUnit) * (1 + 1e-12) + 1e-9)
  const perOne = Math.round(1 / moneyUnit)
  const money = (count: number): number =>
    (Math.abs(perOne * moneyUnit - 1) < 1e-9 ? count / perOne : count * moneyUnit) + 0
  const lines = quantities.map((line) => ({ ...line, count: units(line.quantity * line.price) }))
  let net = lines.reduce((sum, { count }) => sum + count, 0)
  // A least or a most sum is a line of its own, so that lines add up.
  const least = minimum === undefined ? Number.NEGATIVE_INFINITY : units(minimum)
  const most = maximum === undefined ? Number.POSITIVE_INFINITY : units(maximum)
  const bounded = Math.max(least, Math.min(most, net))
  if (bounded !== net) lines.push({ kind: 'flat', price: money(bounded - net), quantity: 1, count: bounded - net })
  net = bounded
  const tax = units(money(net) * taxShare)
  return {
    tariffId: id,
    currency,
    energyKwh,
    lines: lines.map(({ count, ...line }) => ({ ...line, amount: money(count) })),
    net: money(net),
    tax: money(tax),
    gross: money(net + tax),
  }
}

function momentOf(timestampMs: number, energyKwh: number, zone: string): TariffMoment {
  const { year, month, day, hour, minute } = localParts(timestampMs, zone)
  return { minuteOfDay: hour * 60 + minute, dayOfWeek: new Date(Date.UTC(year, month - 1, day)).getUTCDay(), energyKwh }
}

/** Stretches of one price each, as far as the clock goes: cut at minutes in which a restriction begins or ends, and at midnight. */
function cutAtBorders({ elements }: ChargingTariff, fromMs: number, toMs: number, zone: string): [number, number][] {
  const borders = new Set([
    0,
    ...elements.flatMap(({ when }) => [when?.from, when?.to].flatMap((one) => (one ? [minutesOf(one)] : []))),
  ])
  const cuts = [fromMs]
  for (let ms = Math.floor(fromMs / 60_000) * 60_000 + 60_000; ms < toMs; ms += 60_000) {
    if (borders.has(momentOf(ms, 0, zone).minuteOfDay)) cuts.push(ms)
  }
  return cuts.map((ms, index) => [ms, cuts[index + 1] ?? toMs])
}

/** Cut once more where the session's energy crosses a border of the tariff. */
function cutAtEnergies(
  { elements }: ChargingTariff,
  parts: readonly [number, number][],
  { fromMs, wholeMs, startKwh, stretchKwh }: { fromMs: number; wholeMs: number; startKwh: number; stretchKwh: number },
): [number, number][] {
  if (stretchKwh <= 0) return [...parts]
  const borders = elements.flatMap(({ when }) => [when?.minKwh, when?.maxKwh].filter((one) => one !== undefined))
  const momentsMs = borders.map((kwh) => fromMs + ((kwh - startKwh) / stretchKwh) * wholeMs)
  return parts.flatMap(([startMs, endMs]) => {
    const inside = [...new Set(momentsMs.filter((ms) => ms > startMs && ms < endMs))].sort((a, b) => a - b)
    const cuts = [startMs, ...inside]
    return cuts.map((ms, index): [number, number] => [ms, cuts[index + 1] ?? endMs])
  })
}
