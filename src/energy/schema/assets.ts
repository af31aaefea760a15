import Type, { type Static } from 'typebox'
import { fraction, quantity, seriesOf, timeOfDay } from '../../kernel/index.ts'

/** Every asset stands on an electricity bus of the site; lines tie buses together. */
export const onBus = {
  bus: Type.Optional(Type.String({ minLength: 1, description: 'Electricity bus it stands on; default: main' })),
}

/** What machines lose is divided by their efficiency: less than this is a slip, not a machine. */
export const leastEfficiency = 0.01

export const PvSchema = Type.Object({
  ...onBus,
  capacityKwp: quantity('kW', { minimum: 0, description: 'DC power at standard test conditions' }),
  tiltDeg: quantity('deg', { minimum: 0, maximum: 90, default: 10 }),
  azimuthDeg: quantity('deg', { minimum: 0, maximum: 360, default: 180, description: 'Clockwise from north' }),
  mounting: Type.Union([Type.Literal('open-rack'), Type.Literal('roof')], { default: 'open-rack' }),
  transposition: Type.Union([Type.Literal('isotropic'), Type.Literal('hay-davies'), Type.Literal('perez')], {
    default: 'perez',
  }),
  model: Type.Union([Type.Literal('pvwatts'), Type.Literal('single-diode')], { default: 'pvwatts' }),
  temperatureCoefficientPerC: Type.Number({ minimum: -0.01, maximum: 0, default: -0.0035 }),
  systemLosses: fraction({ default: 0.14 }),
  dcAcRatio: Type.Number({ minimum: 0.5, maximum: 3, default: 1.2 }),
  inverterEfficiency: fraction({ minimum: leastEfficiency, default: 0.96 }),
  albedo: fraction({ default: 0.2 }),
  curtailable: Type.Boolean({ default: true }),
  production: Type.Optional(
    seriesOf('kW', { description: 'Known or forecast AC power at this size; replaces the weather chain' }),
  ),
})
export type PvAsset = Static<typeof PvSchema>

export const WindSchema = Type.Object({
  ...onBus,
  ratedKw: quantity('kW', { minimum: 0 }),
  hubHeightM: quantity('m', { minimum: 5, maximum: 250 }),
  powerCurve: Type.Array(Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ minimum: 0 })]), {
    minItems: 2,
    description: 'Pairs of hub-height wind speed (m/s) and power (kW), at 1.225 kg/m3',
  }),
  roughnessM: quantity('m', { exclusiveMinimum: 0, maximum: 3, default: 0.15 }),
  losses: fraction({ default: 0.1 }),
  curtailable: Type.Boolean({ default: true }),
  production: Type.Optional(seriesOf('kW')),
})
export type WindAsset = Static<typeof WindSchema>

export const HydroSchema = Type.Object({
  ...onBus,
  ratedKw: quantity('kW', { minimum: 0 }),
  headM: quantity('m', { exclusiveMinimum: 0 }),
  flow: seriesOf('m3/s', { description: 'Water through the turbine' }),
  efficiency: fraction({ default: 0.85 }),
  curtailable: Type.Boolean({ default: true }),
})
export type HydroAsset = Static<typeof HydroSchema>

export const BatterySchema = Type.Object({
  ...onBus,
  capacityKwh: quantity('kWh', { minimum: 0 }),
  maxChargeKw: quantity('kW', { minimum: 0 }),
  maxDischargeKw: quantity('kW', { minimum: 0 }),
  chargeEfficiency: fraction({ minimum: leastEfficiency, default: 0.95 }),
  dischargeEfficiency: fraction({ minimum: leastEfficiency, default: 0.95 }),
  selfDischargePerDay: fraction({ default: 0.001 }),
  minSoc: fraction({ default: 0.1 }),
  maxSoc: fraction({ default: 0.95 }),
  initialSoc: fraction({ default: 0.5 }),
  taperSoc: fraction({ default: 0.85, description: 'Charging power falls linearly from here to taperPower at full' }),
  taperPower: fraction({ default: 0.3, description: 'Share of maxChargeKw that is left at state of charge 1' }),
  wear: Type.Object(
    {
      replacementCostPerKwh: Type.Number({ minimum: 0, default: 900, description: 'In the currency of the site' }),
      cycleLife: Type.Number({
        exclusiveMinimum: 0,
        default: 6000,
        description: 'Full cycles to end of life at depth 1',
      }),
      depthExponent: Type.Number({
        minimum: 1,
        maximum: 3,
        default: 1.3,
        description: 'Convexity of wear in depth of discharge; 1 = plain throughput',
      }),
    },
    { default: {} },
  ),
  terminalValuePerKwh: Type.Optional(
    Type.Number({ description: 'Worth of stored energy at the end; default: what discharging it later would save' }),
  ),
})
export type BatteryAsset = Static<typeof BatterySchema>

export const GensetSchema = Type.Object({
  ...onBus,
  ratedKw: quantity('kW', { exclusiveMinimum: 0 }),
  minLoad: fraction({ default: 0.3 }),
  fuel: Type.Object({
    unit: Type.String({ default: 'L' }),
    pricePerUnit: Type.Number({ minimum: 0 }),
    kgCo2ePerUnit: Type.Number({ minimum: 0 }),
    perKwh: Type.Number({ minimum: 0, description: 'Fuel units per further kWh of output' }),
    perHourRunning: Type.Number({ minimum: 0, default: 0, description: 'Fuel units an hour at zero output' }),
  }),
  startCost: Type.Number({ minimum: 0, default: 0 }),
  stopCost: Type.Number({ minimum: 0, default: 0 }),
  runningCostPerHour: Type.Number({ minimum: 0, default: 0, description: 'Maintenance an hour of running' }),
  minUpHours: quantity('h', { minimum: 0, default: 0 }),
  minDownHours: quantity('h', { minimum: 0, default: 0 }),
  initiallyOnHours: quantity('h', { minimum: 0, default: 0, description: 'Hours it has run; 0 = off' }),
  initiallyOffHours: Type.Optional(quantity('h', { minimum: 0 })),
})
export type GensetAsset = Static<typeof GensetSchema>

export const LoadSchema = Type.Object({
  ...onBus,
  demand: seriesOf('kW'),
  curtailable: Type.Optional(
    Type.Object({
      share: fraction({ description: 'Part of the demand that may be left out by choice' }),
      costPerKwh: Type.Number({ minimum: 0, description: 'What leaving out one kWh costs the business' }),
    }),
  ),
  shiftable: Type.Optional(
    Type.Object({
      share: fraction({ description: 'Part of the demand whose time is free within the window' }),
      windowHours: quantity('h', { exclusiveMinimum: 0, default: 4 }),
      maxRaise: fraction({ default: 0.3, description: 'Largest rise above the demand, as a share of its peak' }),
      owedKwh: Type.Optional(
        quantity('kWh', {
          description: 'Lowered before the plan begins and still to be made up; negative: done ahead',
        }),
      ),
      hoursLeft: Type.Optional(
        quantity('h', { exclusiveMinimum: 0, description: 'Until the window that runs at the beginning ends' }),
      ),
    }),
  ),
})
export type LoadAsset = Static<typeof LoadSchema>

export const EvSessionSchema = Type.Object({
  id: Type.String(),
  arrival: Type.String({ description: 'ISO 8601, or HH:MM for every day' }),
  departure: Type.String({ description: 'ISO 8601, or HH:MM for every day; past midnight when not after arrival' }),
  energyKwh: quantity('kWh', { minimum: 0 }),
  maxKw: quantity('kW', { exclusiveMinimum: 0 }),
  minKw: Type.Optional(
    quantity('kW', {
      minimum: 0,
      description: 'Least power it charges at, 6 A × 230 V × phases: it charges at this or more, or not; absent: any',
    }),
  ),
  v2gKw: Type.Optional(quantity('kW', { minimum: 0, description: 'Power it can give back; absent: none' })),
  batteryKwh: Type.Optional(quantity('kWh', { exclusiveMinimum: 0 })),
  arrivalKwh: Type.Optional(quantity('kWh', { minimum: 0, description: 'What its battery holds when it comes' })),
  arrivalSoc: Type.Optional(fraction({ description: 'The same as a share of batteryKwh' })),
  minKwh: Type.Optional(quantity('kWh', { minimum: 0, description: 'Stock below which it gives nothing back' })),
  v2gWearPerKwh: Type.Optional(
    Type.Number({ minimum: 0, description: 'Wear of its battery for one kWh given back, in the currency of the site' }),
  ),
})
export type EvSession = Static<typeof EvSessionSchema>

export const EvChargingSchema = Type.Object({
  ...onBus,
  feederLimitKw: quantity('kW', { minimum: 0 }),
  efficiency: fraction({ minimum: leastEfficiency, default: 0.93, description: 'Of charging, and of giving back' }),
  sessions: Type.Array(EvSessionSchema),
  chargedKwh: Type.Optional(
    Type.Record(Type.String(), Type.Number(), {
      description:
        'Energy that each vehicle which is there at the beginning has got already, kWh by session, less than nothing when it gave back; absent: its share of the stay until then',
    }),
  ),
})
export type EvChargingAsset = Static<typeof EvChargingSchema>

export const GridSchema = Type.Object({
  ...onBus,
  importLimitKw: quantity('kW', { minimum: 0, maximum: 1e6 }),
  exportLimitKw: quantity('kW', { minimum: 0, maximum: 1e6, default: 0 }),
})
export type GridAsset = Static<typeof GridSchema>

export const timeWindow = { from: timeOfDay({ default: '00:00' }), to: timeOfDay({ default: '24:00' }) }
