/** What the end of a point's name says of its unit, longest first. */
const endings: readonly (readonly [ending: string, unit: string])[] = [
  ['Kvarh', 'kvarh'],
  ['DegC', 'degC'],
  ['Kvar', 'kvar'],
  ['Kwh', 'kWh'],
  ['Kva', 'kVA'],
  ['Kw', 'kW'],
  ['Hz', 'Hz'],
  ['V', 'V'],
  ['A', 'A'],
]

/** Unit of a point of a template by its name, as points of the house carry it: `powerKw` is in kW, `soc` is a plain number. */
export const pointUnit = (point: string): string => endings.find(([ending]) => point.endsWith(ending))?.[1] ?? '1'
