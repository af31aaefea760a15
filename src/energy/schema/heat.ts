import Type, { type Static } from 'typebox'
import { fraction, quantity, seriesOf, timeOfDay } from '../../kernel/index.ts'

/** Who draws electricity stands on one of its buses; what gives or takes heat on one of heat. */
const electricityBus = {
  bus: Type.Optional(Type.String({ minLength: 1, description: 'Electricity bus it stands on; default: main' })),
}
const heatBus = {
  heatBus: Type.Optional(Type.String({ minLength: 1, description: 'Heat bus it stands on; default: main' })),
}

/** A machine that turns energy into heat gives back half of it at the least; so a kWh of heat costs two at the most. */
const leastEfficiency = 0.5

/** What a heat pump's coefficient of performance depends on. */
const heatPumpFields = {
  supplyC: quantity('degC', { minimum: 0, maximum: 150, default: 45, description: 'Temperature of the heat it gives' }),
  source: Type.Optional(
    seriesOf('degC', { description: 'Temperature of the ground, water or waste heat; default: the outdoor air' }),
  ),
  cop: Type.Object(
    {
      model: Type.Union(
        [
          Type.Literal('quality-grade'),
          Type.Literal('air-source'),
          Type.Literal('ground-source'),
          Type.Literal('table'),
        ],
        {
          default: 'quality-grade',
          description: 'Share of the Carnot limit; regression of tested machines (Staffell 2012); table of the maker',
        },
      ),
      qualityGrade: fraction({ minimum: 0.1, default: 0.4, description: 'Share of the Carnot limit that is reached' }),
      table: Type.Optional(
        Type.Array(Type.Tuple([Type.Number(), Type.Number({ minimum: 1 })]), {
          minItems: 1,
          description: 'Pairs of source temperature (°C), ascending, and COP; between them linear, beyond them level',
        }),
      ),
      most: Type.Number({ minimum: 1, default: 8, description: 'No machine does better than this' }),
    },
    { default: {} },
  ),
}

export const HeatPumpSchema = Type.Object({
  ...electricityBus,
  ...heatBus,
  ratedKw: quantity('kW', { minimum: 0, description: 'Heat output' }),
  ...heatPumpFields,
  minLoad: fraction({ default: 0, description: 'Least heat output while it runs, a share of ratedKw' }),
})
export type HeatPumpAsset = Static<typeof HeatPumpSchema>
/** The fields that say a coefficient of performance. */
export type HeatPumpFields = Pick<HeatPumpAsset, 'supplyC' | 'source' | 'cop'>

export const BoilerSchema = Type.Object({
  ...electricityBus,
  ...heatBus,
  ratedKw: quantity('kW', { minimum: 0, description: 'Heat output' }),
  efficiency: Type.Number({
    minimum: leastEfficiency,
    maximum: 1.1,
    default: 0.9,
    description: 'Heat per energy of the fuel by its lower heating value, or per electricity',
  }),
  electric: Type.Boolean({ default: false, description: 'Heats with electricity instead of fuel' }),
  fuel: Type.Optional(
    Type.Object({
      unit: Type.String({ default: 'm3' }),
      pricePerUnit: Type.Number({ minimum: 0 }),
      kgCo2ePerUnit: Type.Number({ minimum: 0 }),
      kwhPerUnit: Type.Number({ exclusiveMinimum: 0, description: 'Lower heating value' }),
    }),
  ),
})
export type BoilerAsset = Static<typeof BoilerSchema>

export const ThermalStoreSchema = Type.Object({
  ...heatBus,
  capacityKwh: Type.Optional(quantity('kWh', { minimum: 0, description: 'Heat it holds; or say the water in it' })),
  water: Type.Optional(
    Type.Object(
      {
        volumeM3: quantity('m3', { minimum: 0 }),
        hotC: quantity('degC', { minimum: 0, maximum: 150, default: 60 }),
        coldC: quantity('degC', { minimum: 0, maximum: 150, default: 35, description: 'Of no more use below this' }),
      },
      { description: 'A hot-water store, by volume and span of temperature' },
    ),
  ),
  maxChargeKw: quantity('kW', { minimum: 0 }),
  maxDischargeKw: quantity('kW', { minimum: 0 }),
  lossPerHour: fraction({ default: 0.005, description: 'Share of the heat in it that is lost in an hour' }),
  minSoc: fraction({ default: 0, description: 'Kept if it can be: heat is lost even when nobody takes any' }),
  maxSoc: fraction({ default: 1 }),
  initialSoc: fraction({ default: 0.5 }),
  terminalValuePerKwh: Type.Optional(
    Type.Number({ description: 'Worth of heat left at the end; default: what making it anew would cost' }),
  ),
})
export type ThermalStoreAsset = Static<typeof ThermalStoreSchema>

export const HeatLoadSchema = Type.Object({
  ...heatBus,
  demand: seriesOf('kW', { description: 'Heat' }),
  curtailable: Type.Optional(
    Type.Object({
      share: fraction({ description: 'Part of the demand that may be left out by choice' }),
      costPerKwh: Type.Number({ minimum: 0, description: 'What leaving out one kWh of heat costs' }),
    }),
  ),
})
export type HeatLoadAsset = Static<typeof HeatLoadSchema>

const temperature = (defaultC?: number) =>
  quantity('degC', { minimum: -50, maximum: 60, ...(defaultC === undefined ? {} : { default: defaultC }) })

export const ZoneSchema = Type.Object({
  ...electricityBus,
  ...heatBus,
  resistanceKPerKw: quantity('K/kW', {
    exclusiveMinimum: 0,
    description: 'From the room to the outdoor air; with `mass`, of windows and ventilation',
  }),
  capacitanceKwhPerK: quantity('kWh/K', {
    minimum: 0,
    description: 'Of the whole room; with `mass`, of air and furniture, 0 for none',
  }),
  mass: Type.Optional(
    Type.Object(
      {
        capacitanceKwhPerK: quantity('kWh/K', { exclusiveMinimum: 0 }),
        resistanceKPerKw: quantity('K/kW', { exclusiveMinimum: 0, description: 'From the room to the mass' }),
        outerResistanceKPerKw: Type.Optional(
          quantity('K/kW', { exclusiveMinimum: 0, description: 'From the mass to the outdoor air; default: no path' }),
        ),
        solarShare: fraction({ default: 0.5, description: 'Part of the solar gains that falls on the mass' }),
        initialC: Type.Optional(
          quantity('degC', { minimum: -50, maximum: 80, description: 'Default: as warm as the room' }),
        ),
      },
      { description: 'Walls and floors, which warm and cool more slowly than the air' },
    ),
  ),
  initialC: quantity('degC', { minimum: -50, maximum: 80, default: 20 }),
  outdoor: Type.Optional(seriesOf('degC', { description: 'Outdoor temperature; default: that of the weather' })),
  internalGains: Type.Optional(seriesOf('kW', { description: 'People, lights and machines' })),
  solarGains: Type.Optional(seriesOf('kW', { description: 'Sun through the windows; or say `solarApertureM2`' })),
  solarApertureM2: Type.Optional(
    quantity('m2', {
      minimum: 0,
      description: 'Area that lets all sun in: glass × g-value × share without frame and shade',
    }),
  ),
  solarAzimuthDeg: quantity('deg', { minimum: 0, maximum: 360, default: 180, description: 'Where the windows look' }),
  comfort: Type.Object(
    {
      lowC: temperature(20),
      highC: temperature(26),
      setback: Type.Array(
        Type.Object({
          from: timeOfDay({ default: '22:00' }),
          to: timeOfDay({ default: '06:00' }),
          lowC: temperature(),
          highC: temperature(26),
        }),
        { default: [], description: 'Other bands by local time of day; the first that matches counts' },
      ),
    },
    { default: {} },
  ),
  heatedBy: Type.Union([Type.Literal('heat-bus'), Type.Literal('heat-pump'), Type.Literal('electricity')], {
    default: 'heat-bus',
  }),
  heatingKw: quantity('kW', { minimum: 0, description: 'Heat output of its radiators or its own heater' }),
  heatPump: Type.Object(heatPumpFields, { default: {}, description: 'Read when it is heated by its own heat pump' }),
  cooling: Type.Optional(
    Type.Object({
      ratedKw: quantity('kW', { minimum: 0, description: 'Heat it takes out of the room' }),
      eer: Type.Number({ minimum: 1, default: 3, description: 'Heat taken out per electricity' }),
    }),
  ),
})
export type ZoneAsset = Static<typeof ZoneSchema>
