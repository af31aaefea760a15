import type { WaitingVehicle } from '../../gateway/index.ts'
import { clockToMs, localParts, parseInstant, type Site } from '../../kernel/index.ts'

/** What is known of a vehicle before it comes: a session of the site file, by the card of its name. */
export interface Booking {
  readonly id: string
  /** Into the vehicle, kWh. */
  readonly energyKwh: number
  readonly maxKw: number
  /** Local time of every day, or a moment. */
  readonly departure: string
}

interface Chargers {
  readonly efficiency?: number
  readonly sessions?: readonly Booking[]
}

/** The bookings of an asset of chargers, by card. */
export function bookingsOf(site: Site, asset: string | undefined): ReadonlyMap<string, Booking> {
  const chargers = site.assets.find(({ id }) => id === asset) as Chargers | undefined
  const efficiency = chargers?.efficiency ?? 1
  return new Map(
    (chargers?.sessions ?? []).map((session) => [
      session.id.toLowerCase(),
      // What the meter of the charger has to show.
      { ...session, energyKwh: session.energyKwh / efficiency },
    ]),
  )
}

const daily = /^(\d\d):(\d\d)$/
const dayMs = 86_400_000

/** The first departure after a vehicle came, UTC ms. */
export function departureMs({ departure }: Pick<Booking, 'departure'>, cameMs: number, zone: string): number {
  const [, hour, minute] = daily.exec(departure) ?? []
  if (hour === undefined) return parseInstant(departure, zone)
  for (let day = 0; ; day += 1) {
    const { year, month, day: date } = localParts(cameMs + day * dayMs, zone)
    const atMs = clockToMs({ year, month, day: date, hour: Number(hour), minute: Number(minute) }, zone)
    if (atMs > cameMs) return atMs
  }
}

export interface Charge {
  readonly idToken: string | undefined
  readonly startedMs: number
  readonly startWh: number | undefined
  readonly lastWh: number | undefined
}

/** A vehicle of which nothing is known wants this much, kWh, and wants it now. */
export const unknownKwh = 1000

/**
 * A vehicle at a charger as the sharing sees it; undefined where it has what was booked. One without a booking is charged at once, as
 * far as there is room: nobody knows when it leaves.
 *
 * @param plannedKw what a plan gives it now; undefined: no plan is followed
 * @param kwPerA of its charger
 */
export function waitingVehicle(
  charge: Charge,
  booking: Booking | undefined,
  { nowMs, zone, plannedKw, kwPerA }: { nowMs: number; zone: string; plannedKw: number | undefined; kwPerA: number },
): WaitingVehicle | undefined {
  const gotKwh = Math.max(0, (charge.lastWh ?? 0) - (charge.startWh ?? 0)) / 1000
  if (!booking) return { energyLeftKwh: unknownKwh, departureMs: nowMs, arrivalMs: charge.startedMs }
  const energyLeftKwh = booking.energyKwh - gotKwh
  if (energyLeftKwh <= 0.005) return undefined
  return {
    energyLeftKwh,
    departureMs: departureMs(booking, charge.startedMs, zone),
    arrivalMs: charge.startedMs,
    mostA: booking.maxKw / kwPerA,
    ...(plannedKw === undefined ? {} : { plannedA: Math.max(0, plannedKw) / kwPerA }),
  }
}
