import { ocppErrors } from '../errors.ts'

/** What a session costs, in the shape of OCPI 2.2.1 §11: the first element that fits a moment gives the price of each kind. */
export interface ChargingTariff {
  readonly id: string
  /** ISO 4217. */
  readonly currency: string
  /** Smallest unit of money: 0.01. */
  readonly moneyUnit: number
  readonly elements: readonly TariffElement[]
  /** Most and least that a session costs, without tax. */
  readonly minimum?: number
  readonly maximum?: number
  /** Of the sum: 0.19. */
  readonly taxShare?: number
}

export interface TariffElement {
  readonly components: readonly PriceComponent[]
  readonly when?: TariffRestriction
}

export interface PriceComponent {
  /** `flat`: once a session; `energy`: each kWh; `time`: each hour of charging; `parking`: each hour of standing without charging. */
  readonly kind: 'flat' | 'energy' | 'time' | 'parking'
  readonly price: number
}

/** Local clock times `HH:MM`; an end that is not after its start is on the next day. Energy is that of the session so far. */
export interface TariffRestriction {
  readonly from?: string
  readonly to?: string
  /** 0 is Sunday. */
  readonly daysOfWeek?: readonly number[]
  readonly minKwh?: number
  readonly maxKwh?: number
}

const clockPattern = /^([01]\d|2[0-3]):[0-5]\d$/

/** @throws `ocpp.bad-tariff` */
export function checkTariff(tariff: ChargingTariff): void {
  const fail = (path: string, found: unknown, expected: string): never => {
    throw ocppErrors.badTariff({ detail: `Tariff ${tariff.id} cannot be used`, place: { path }, found, expected })
  }
  if (!(tariff.moneyUnit > 0)) fail('moneyUnit', tariff.moneyUnit, 'more than 0: 0.01')
  if (tariff.taxShare !== undefined && !(tariff.taxShare >= 0 && tariff.taxShare < 1))
    fail('taxShare', tariff.taxShare, '0 to 1')
  if (!((tariff.minimum ?? 0) <= (tariff.maximum ?? Number.POSITIVE_INFINITY)))
    fail('minimum', tariff.minimum, 'at most maximum')
  for (const [index, { components, when }] of tariff.elements.entries()) {
    for (const { price } of components) if (!Number.isFinite(price)) fail(`elements.${index}.price`, price, 'a number')
    for (const clock of [when?.from, when?.to]) {
      if (clock !== undefined && !clockPattern.test(clock)) fail(`elements.${index}.when`, clock, 'HH:MM')
    }
    if ((when?.from === undefined) !== (when?.to === undefined))
      fail(`elements.${index}.when`, when, 'both from and to')
  }
}

/** A moment of a session, as far as a tariff cares. */
export interface TariffMoment {
  readonly minuteOfDay: number
  readonly dayOfWeek: number
  readonly energyKwh: number
}

/** Price of a kind at a moment; undefined where the tariff has none: that is free. */
export function priceAt(
  { elements }: ChargingTariff,
  kind: PriceComponent['kind'],
  moment: TariffMoment,
): number | undefined {
  for (const { components, when } of elements) {
    if (when && !holds(when, moment)) continue
    const component = components.find((one) => one.kind === kind)
    if (component) return component.price
  }
  return undefined
}

function holds({ from, to, daysOfWeek, minKwh, maxKwh }: TariffRestriction, moment: TariffMoment): boolean {
  if (daysOfWeek && !daysOfWeek.includes(moment.dayOfWeek)) return false
  if (minKwh !== undefined && moment.energyKwh < minKwh) return false
  if (maxKwh !== undefined && moment.energyKwh >= maxKwh) return false
  if (from === undefined || to === undefined) return true
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const { minuteOfDay } = moment
  return begin < end ? minuteOfDay >= begin && minuteOfDay < end : minuteOfDay >= begin || minuteOfDay < end
}

export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
