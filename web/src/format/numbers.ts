/** Four significant digits unless the value is a whole thousand or more; thin spaces between thousands; a true minus. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const whole = size === 0 ? 1 : Math.floor(Math.log10(size)) + 1
  const decimals = size === 0 ? 0 : Math.max(0, Math.min(3, digits - whole))
  const [integer = '0', fraction] = Math.abs(value).toFixed(decimals).split('.')
  const grouped = integer.replace(/\B(?=(\d{3})+$)/g, '\u202f')
  const kept = fraction?.replace(/0+$/, '') ?? ''
  const text = kept === '' ? grouped : `${grouped}.${kept}`
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text
}

export interface Shown {
  readonly text: string
  readonly unit: string
}

/** Units as people write them. */
const unitWords: Readonly<Record<string, string>> = {
  '1': '',
  kgCO2e: 'kg CO₂e',
  'kgCO2e/kWh': 'kg CO₂e/kWh',
  'kgCO2e/h': 'kg CO₂e/h',
  'W/m2': 'W/m²',
  'm3/s': 'm³/s',
  'm3/h': 'm³/h',
  'm3/d': 'm³/d',
}

/** Units of which three digits say all that a meter knows. */
const coarse: ReadonlySet<string> = new Set(['kW', 'kWh', 'kgCO2e', 'W/m2', '°C', 'm/s', 'm3/s', 'm3/h'])

/** A value with its unit, in the larger unit from ten thousand on; shares as per cent. */
export function show(value: number, unit: string): Shown {
  if (unit === '1') return { text: formatNumber(value * 100, 3), unit: '%' }
  const larger = { kW: 'MW', kWh: 'MWh' }[unit]
  if (larger !== undefined && Math.abs(value) >= 10_000) return { text: formatNumber(value / 1000), unit: larger }
  return { text: formatNumber(value, coarse.has(unit) ? 3 : 4), unit: unitWords[unit] ?? unit }
}

/** Money without decimals from a hundred on. */
export const showMoney = (value: number, currency: string): Shown => ({
  text: Math.abs(value) >= 100 ? formatNumber(Math.round(value)) : formatNumber(Number(value.toFixed(2))),
  unit: currency,
})
