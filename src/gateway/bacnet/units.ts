/** Units of the house by BACnetEngineeringUnits (ASHRAE 135-2020, clause 21). Those of phases, costs and counts are none of them. */
const symbols: Readonly<Record<number, string>> = {
  2: 'mA',
  3: 'A',
  5: 'V',
  6: 'kV',
  8: 'VA',
  9: 'kVA',
  10: 'MVA',
  11: 'var',
  12: 'kvar',
  13: 'Mvar',
  16: 'J',
  17: 'kJ',
  18: 'Wh',
  19: 'kWh',
  27: 'Hz',
  29: '%',
  30: 'mm',
  31: 'm',
  39: 'kg',
  47: 'W',
  48: 'kW',
  49: 'MW',
  53: 'Pa',
  54: 'kPa',
  55: 'bar',
  62: 'degC',
  63: 'K',
  71: 'h',
  72: 'min',
  73: 's',
  74: 'm/s',
  80: 'm3',
  82: 'L',
  85: 'm3/s',
  87: 'L/s',
  88: 'L/min',
  90: 'deg',
  96: 'ppm',
  98: '%',
  124: 'mV',
  126: 'MJ',
  132: 'mW',
  133: 'mbar',
  134: 'mbar',
  135: 'm3/h',
  136: 'L/h',
  146: 'MWh',
  203: 'varh',
  204: 'kvarh',
}
export const noUnits = 95

/** The unit of the house; undefined: it is not known, or there is none (95). */
export const unitOfNumber = (number: number): string | undefined => symbols[number]

const numbers = new Map(Object.entries(symbols).map(([number, symbol]) => [symbol, Number(number)]))
// Two have the percent sign; 98 is the plain one.
numbers.set('%', 98).set('°C', 62)

/** The number of a unit; `noUnits` where there is none for it. */
export const numberOfUnit = (unit: string): number => numbers.get(unit) ?? noUnits
