import { formatNumber } from '../format/numbers.ts'

/** An exact decimal as far as people read it: four significant digits, and more where fewer would hide on which side of a limit it is. */
export function indicatorText(exact: string, limit: string | null): string {
  const value = Number(exact)
  for (let digits = 4; digits < 13; digits += 1) {
    const shown = Number(value.toPrecision(digits))
    if (limit === null || shown !== Number(limit) || value === Number(limit)) return String(shown)
  }
  return exact
}

/** A chance in per cent: none is told as certain. */
export function chanceText(chance: number): string {
  const percent = 100 * chance
  if (percent < 0.1) return '< 0.1'
  if (percent > 99.9) return '> 99.9'
  return String(Number(percent.toPrecision(3)))
}

/** A half width in tonnes: an uncertainty has two significant digits at most (GUM 7.2.6). */
export const uncertainTonnes = (kg: number): string => formatNumber(Number((kg / 1000).toPrecision(2)))

/** Formulas and units as they are printed: `tCO2` → `t CO₂`. */
export const printed = (text: string): string =>
  text
    .replace(/^t(?=CO2)/, 't\u00a0')
    .replace(/\b(C[HO]|N|SF|NF)(\d)(?=\b|e|O)/g, (_, head: string, digit: string) => head + lowered(digit))

const lowered = (digit: string): string => String.fromCharCode(0x2080 + Number(digit))
