import Type, { type Static } from 'typebox'
import { connectorStatuses, linkStates } from '../../gateway/index.ts'
import { chargingWaits, chargingWhys } from './charger-view.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const kW = (description?: string) => Type.Number({ ...(description === undefined ? {} : { description }) })

export const chargingModes = ['plan', 'deadlines', 'fallback'] as const

const RunningSchema = Type.Object({
  id: Type.String({ description: '`<station>/<transaction>`' }),
  sinceMs: Type.Number(),
  energyKwh: nullable(Type.Number({ description: 'Taken so far, as the register tells' })),
  card: nullable(Type.String({ description: 'For who may operate the site; others see a mark that begins with #' })),
  chargingState: nullable(Type.String({ description: 'In the words of OCPP 2.0.1' })),
})
const EvseSchema = Type.Object({
  id: Type.Integer({ description: 'EVSE; OCPP 1.6: connector' }),
  asset: nullable(Type.String({ description: 'Owner of its points' })),
  status: nullable(Type.Enum([...connectorStatuses], { description: 'Newest of its connectors; null: never told' })),
  connectors: Type.Array(
    Type.Object({
      id: Type.Integer(),
      status: Type.Enum([...connectorStatuses]),
      sinceMs: Type.Number(),
      errorCode: nullable(Type.String()),
    }),
  ),
  running: nullable(RunningSchema),
  grantKw: nullable(kW('What the site grants it now; null: it shares nothing, or nothing was shared yet')),
  phases: nullable(
    Type.Array(Type.Integer({ minimum: 1, maximum: 3 }), { description: 'Of the site, from which it draws now' }),
  ),
  limit: nullable(
    Type.Object(
      { powerKw: kW(), sinceMs: Type.Number(), untilMs: Type.Number() },
      { description: 'What the station has taken, and holds until then' },
    ),
  ),
  plannedKw: nullable(kW('What a plan gives the vehicle now')),
  energyLeftKwh: nullable(Type.Number({ description: 'Of a booking, until it has what was booked' })),
  deadlineMs: nullable(Type.Number({ description: 'When a vehicle with a booking leaves' })),
  drawnKw: nullable(kW('What it draws by its own meter; null: it has none, or it is silent')),
  askedKw: nullable(kW('The most that its vehicle takes here; null: none wants energy')),
  place: nullable(
    Type.Integer({ minimum: 1, description: 'Its place among those that want energy; null: it stands in no queue' }),
  ),
  waitsFor: nullable(
    Type.Enum([...chargingWaits], {
      description:
        'What a vehicle that gets nothing waits for: the line of its station, the meter of the site, its turn in the plan, the sun, room on a cable; `nothing`: it has what was booked. null: it gets something, or nobody is there',
    }),
  ),
  plannedFromMs: nullable(Type.Number({ description: 'When a plan gives it something next; null: now, or none does' })),
  why: nullable(
    Type.Enum([...chargingWhys], {
      description:
        'Why it gives what it gives: the plan; a deadline, or a vehicle without a booking; what the sun leaves; the safe limit, for the meter is silent; a station that cannot be told anything. null: nobody charges',
    }),
  ),
})
const currents = (description: string) => Type.Tuple([Type.Number(), Type.Number(), Type.Number()], { description })
const CircuitSchema = Type.Object({
  id: Type.String(),
  parent: nullable(Type.String({ description: 'Circuit that it hangs on; null: it is the connection' })),
  limitA: currents('Amperes of L1, L2 and L3'),
  grantedA: currents('What its chargers are granted'),
  drawnA: nullable(currents('What its chargers draw by their own meters; null: not all are known')),
  otherA: nullable(
    currents('All else in it, below zero: fed in. Of the connection only; null: not known. The same in each phase'),
  ),
})
const StationSchema = Type.Object({
  id: Type.String(),
  gateway: Type.String(),
  connected: Type.Boolean(),
  version: nullable(Type.String({ description: 'Of OCPP, while it is connected' })),
  lastHeardMs: nullable(Type.Number()),
  admitted: nullable(Type.Enum(['accepted', 'pending', 'rejected'], { description: 'null: it never booted' })),
  bootedMs: nullable(Type.Number()),
  vendor: nullable(Type.String()),
  model: nullable(Type.String()),
  firmware: nullable(Type.String()),
  evses: Type.Array(EvseSchema),
})

/** Charging at a site as it is. */
export const ChargingSchema = Type.Object({
  site: Type.String(),
  mode: nullable(
    Type.Enum([...chargingModes], {
      description:
        'What shares: the plan, deadlines, the safe limit. null: the site shares nothing, or has not begun to',
    }),
  ),
  meter: nullable(
    Type.Object(
      {
        ref: Type.String(),
        powerKw: nullable(kW('+ imports')),
        atMs: nullable(Type.Number()),
        silent: Type.Boolean({ description: 'Too old, or doubtful: nothing is shared by it' }),
      },
      { description: 'Of the connection' },
    ),
  ),
  limitKw: nullable(kW('Limits that are told, together')),
  chargersKw: nullable(kW('What all chargers draw by the meters; null: not known')),
  circuits: Type.Array(CircuitSchema, { description: 'Cables that the chargers share, in the order of the site file' }),
  doors: Type.Array(Type.Object({ gateway: Type.String(), state: Type.Enum([...linkStates]) }), {
    description: 'Where stations call; `connected`: the door is open',
  }),
  stations: Type.Array(StationSchema, { description: 'Of the doors that are open, in the order of the site file' }),
})
export type ChargingAnswer = Static<typeof ChargingSchema>
export type StationAnswer = Static<typeof StationSchema>
export type EvseAnswer = Static<typeof EvseSchema>
export type CircuitAnswer = Static<typeof CircuitSchema>

const BillSchema = Type.Object({
  tariff: Type.String(),
  currency: Type.String(),
  lines: Type.Array(
    Type.Object({
      kind: Type.Enum(['flat', 'energy', 'time', 'parking']),
      price: Type.Number(),
      quantity: Type.Number({ description: 'kWh, hours, or 1' }),
      amount: Type.Number(),
    }),
    { description: 'They add up to `net`' },
  ),
  net: Type.Number(),
  tax: Type.Number(),
  gross: Type.Number({ description: 'net + tax' }),
})
export const noBillReasons = ['still-running', 'no-register', 'register-fell', 'no-tariff'] as const
export const SessionSchema = Type.Object({
  id: Type.String({ description: '`<station>/<transaction>`' }),
  gateway: Type.String(),
  station: Type.String(),
  evse: Type.Integer(),
  card: nullable(Type.String({ description: 'For who may operate the site; others see a mark that begins with #' })),
  startedMs: Type.Number(),
  endedMs: nullable(Type.Number({ description: 'null: it runs' })),
  energyKwh: nullable(Type.Number({ description: 'null: no register was told' })),
  reason: nullable(Type.String({ description: 'Why it ended, in the words of OCPP' })),
  inferred: Type.Boolean({
    description: 'Its end was not told: the station went on without it. It ends with the last that was told of it',
  }),
  bill: nullable(BillSchema),
  noBill: nullable(Type.Enum([...noBillReasons], { description: 'Why there is none' })),
})
export type SessionAnswer = Static<typeof SessionSchema>

export const OrderSchema = Type.Object({
  status: Type.String({ description: 'What the station said: `Accepted`, `Scheduled`, `Unlocked`' }),
})
