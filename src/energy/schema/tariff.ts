import Type, { type Static } from 'typebox'
import { fraction, quantity, seriesOf } from '../../kernel/index.ts'
import { timeWindow } from './assets.ts'

/** When something of a tariff holds, by the local clock; all that is said must hold. */
const when = {
  ...timeWindow,
  months: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 12 }))),
  season: Type.Optional(
    Type.Object(
      {
        from: Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }),
        to: Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }),
      },
      { description: 'Days of the year MM-DD, both included; past the new year when `to` is before `from`' },
    ),
  ),
  weekdays: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { description: 'ISO weekdays, 1 = Monday' }),
  ),
  holidays: Type.Optional(
    Type.Union([Type.Literal('only'), Type.Literal('never')], {
      description:
        'Whether it holds on the dates of `tariff.holidays` only, or not on them; absent: they are as other days',
    }),
  ),
}
export interface TariffWindow {
  readonly from: string
  readonly to: string
  readonly months?: readonly number[]
  readonly season?: { readonly from: string; readonly to: string }
  readonly weekdays?: readonly number[]
  readonly holidays?: 'only' | 'never'
}

/** A price that depends on local time; the first period that matches counts. */
export const TimeOfUseSchema = Type.Object({
  periods: Type.Array(Type.Object({ name: Type.String(), pricePerKwh: Type.Number(), ...when }), { minItems: 1 }),
})
export type TimeOfUse = Static<typeof TimeOfUseSchema>

const TiersSchema = Type.Object({
  name: Type.String(),
  per: Type.Union([Type.Literal('month'), Type.Literal('year')], {
    default: 'month',
    description: 'What the kWh are counted over: the billing month, or the calendar year',
  }),
  usedSoFarKwh: quantity('kWh', { minimum: 0, default: 0, description: 'Counted in this month or year until now' }),
  blocks: Type.Array(
    Type.Object({
      upToKwh: Type.Optional(quantity('kWh', { exclusiveMinimum: 0, description: 'Absent for the last block' })),
      pricePerKwh: Type.Number({ description: 'Added to all other prices of the import' }),
    }),
    { minItems: 1 },
  ),
  ...when,
})
export type Tiers = Static<typeof TiersSchema>

const monthText = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'Billing month, YYYY-MM' })

const DemandSchema = Type.Object({
  name: Type.String(),
  pricePerKwMonth: Type.Number({ minimum: 0 }),
  peakSoFarKw: quantity('kW', { minimum: 0, default: 0, description: 'Billed peak of this month until now' }),
  intervalMinutes: Type.Union(
    [5, 10, 15, 20, 30, 60].map((minutes) => Type.Literal(minutes)),
    { default: 15, description: 'Clock interval whose mean is measured, minutes' },
  ),
  blocks: Type.Array(
    Type.Object({
      upToKw: Type.Optional(quantity('kW', { exclusiveMinimum: 0, description: 'Absent for the last block' })),
      pricePerKwMonth: Type.Number({ description: 'Added to the price of the charge' }),
    }),
    { default: [], description: 'Blocks of the billed demand' },
  ),
  lookBack: Type.Optional(
    Type.Object(
      {
        months: Type.Integer({ minimum: 1, maximum: 24, default: 11, description: 'Billing months before this one' }),
        share: fraction({ default: 1 }),
        ofMonths: Type.Optional(
          Type.Array(Type.Integer({ minimum: 1, maximum: 12 }), {
            description: 'Months of the year whose peaks count; absent: all',
          }),
        ),
      },
      { description: 'Billed at least a share of the highest peak of the months before' },
    ),
  ),
  billedOn: Type.Union([Type.Literal('month'), Type.Literal('twelve-month-mean')], {
    default: 'month',
    description: 'This month’s peak, or the mean of it and those of the eleven months before',
  }),
  peaks: Type.Array(Type.Object({ month: monthText, peakKw: quantity('kW', { minimum: 0 }) }), {
    default: [],
    description: 'Known peaks of months before, for what looks back',
  }),
  since: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-(0[1-9]|1[0-2])$',
      description: 'First billing month of the contract, YYYY-MM: months before it have no peak',
    }),
  ),
  countedBills: Type.Integer({
    minimum: 1,
    maximum: 24,
    default: 1,
    description: 'Monthly bills in which a plan counts a new peak; 12 for all that a twelve-month mean carries it into',
  }),
  coincident: Type.Optional(
    Type.Object(
      {
        hours: Type.Array(Type.String(), { minItems: 1, description: 'ISO 8601, local when without offset' }),
        minutes: Type.Number({ exclusiveMinimum: 0, default: 60, description: 'Length of each' }),
        take: Type.Union([Type.Literal('highest'), Type.Literal('mean')], { default: 'highest' }),
      },
      {
        description: 'Measured in these hours of the system’s peak only, billed once, in the month of the last of them',
      },
    ),
  ),
  contract: Type.Optional(
    Type.Object(
      {
        demandKw: quantity('kW', { exclusiveMinimum: 0 }),
        billed: Type.Union([Type.Literal('contract'), Type.Literal('measured')], {
          default: 'contract',
          description: 'Up to the tolerance: the contract’s demand, or what was measured, at least `leastShare`',
        }),
        leastShare: fraction({ default: 1, description: 'Of the contract’s demand that is billed at least' }),
        tolerance: Type.Number({
          minimum: 1,
          default: 1.05,
          description: 'Share of the contract above which is excess',
        }),
        excessFactor: Type.Number({ minimum: 0, default: 2, description: 'Times the price, on each kW of the excess' }),
      },
      { description: 'Demand by contract. The defaults are the Chinese rule: excess above 105 % at twice the price' },
    ),
  ),
  ...when,
})
export type DemandCharge = Static<typeof DemandSchema>

const SideSchema = {
  timeOfUse: Type.Optional(TimeOfUseSchema),
  spot: Type.Optional(seriesOf('CUR/kWh', { description: 'Price series; added to time of use when both are given' })),
  feePerKwh: Type.Number({ default: 0, description: 'Added in every step' }),
}

/** What electricity costs and earns: one declaration for plan, size, bill and backtest. See docs/guides/tariffs.md. */
export const TariffSchema = Type.Object({
  import: Type.Object({
    ...SideSchema,
    tiers: Type.Array(TiersSchema, { default: [], description: 'Blocks of energy; every list that holds is added' }),
  }),
  export: Type.Optional(Type.Object(SideSchema)),
  netMetering: Type.Optional(
    Type.Object(
      {
        surplus: Type.Union([Type.Literal('paid'), Type.Literal('carried')], {
          default: 'paid',
          description: 'Whether a month’s surplus is paid at once, or carried until the netting year ends',
        }),
        surplusPricePerKwh: Type.Number({ default: 0, description: 'What the rest of the surplus earns in the end' }),
        yearBegins: Type.Integer({
          minimum: 1,
          maximum: 12,
          default: 1,
          description: 'First month of the netting year',
        }),
        credits: Type.Array(
          Type.Object({ period: Type.String({ default: '' }), energyKwh: quantity('kWh', { minimum: 0 }) }),
          { default: [], description: 'Carried into this month, by time-of-use period' },
        ),
        soFar: Type.Array(
          Type.Object({
            period: Type.String({ default: '' }),
            importKwh: quantity('kWh', { minimum: 0, default: 0 }),
            exportKwh: quantity('kWh', { minimum: 0, default: 0 }),
          }),
          { default: [], description: 'Metered in this month until now, by time-of-use period' },
        ),
      },
      { description: 'Exported kWh are taken off imported ones, month by month and period by period' },
    ),
  ),
  demand: Type.Array(DemandSchema, {
    default: [],
    description: 'Highest clock-interval mean of import in the window, once a month',
  }),
  capacity: Type.Array(
    Type.Object({
      name: Type.String(),
      capacityKva: Type.Number({ minimum: 0, description: 'Of the transformers, kVA' }),
      pricePerKvaMonth: Type.Number({ minimum: 0 }),
    }),
    { default: [], description: 'Charged on what is installed; in a two-part tariff instead of a demand charge' },
  ),
  fixed: Type.Array(
    Type.Object({
      name: Type.String(),
      price: Type.Number(),
      per: Type.Union([Type.Literal('month'), Type.Literal('day'), Type.Literal('year')], { default: 'month' }),
    }),
    { default: [] },
  ),
  surcharges: Type.Array(Type.Object({ name: Type.String(), pricePerKwh: Type.Number() }), {
    default: [],
    description: 'On every imported kWh, netted or not; not part of what the power factor adjusts',
  }),
  taxes: Type.Array(Type.Object({ name: Type.String(), share: fraction() }), {
    default: [],
    description: 'On all charges; what export earns is not taxed',
  }),
  powerFactor: Type.Optional(
    Type.Object(
      {
        standard: Type.Union([Type.Literal(0.9), Type.Literal(0.85), Type.Literal(0.8)], {
          default: 0.9,
          description: 'Chinese standard of 1983 whose table is used',
        }),
        table: Type.Array(
          Type.Object({
            from: fraction({ description: 'Power factor from which on it holds' }),
            share: Type.Number({
              description: 'Added to energy, demand and capacity charges; −0.0075 takes 0.75 % off',
            }),
          }),
          { default: [], description: 'Another table, instead of the standard’s' },
        ),
      },
      { description: 'Adjusts the bill by the month’s power factor, from metered kWh and kvarh' },
    ),
  ),
  minimumBill: Type.Optional(
    Type.Number({ minimum: 0, description: 'Least that a month’s charges come to, before export' }),
  ),
  billingDay: Type.Integer({ minimum: 1, maximum: 28, default: 1, description: 'Day on which a billing month begins' }),
  holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), {
    default: [],
    description: 'Local dates, for windows that hold on holidays only or never',
  }),
  rounding: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'Each line of a bill is rounded to a multiple of this: 0.01' }),
  ),
  carbonIntensity: Type.Optional(seriesOf('kgCO2e/kWh', { description: 'Of imported electricity' })),
  carbonPricePerKg: Type.Number({ minimum: 0, default: 0 }),
})
export type Tariff = Static<typeof TariffSchema>
