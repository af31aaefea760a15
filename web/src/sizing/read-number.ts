/** What a reader typed as a number: spaces in thousands, a decimal point or comma. NaN for what is none. */
export function readNumber(text: string): number {
  const plain = text.replaceAll(/[\s\u00a0\u202f]/g, '').replace('\u2212', '-')
  const pointed = plain.includes('.') ? plain.replaceAll(',', '') : plain.replace(',', '.')
  return /^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(pointed) || /^[+-]?\d+\.$/.test(pointed) ? Number(pointed) : Number.NaN
}

/** How a number stands in a field at first: plain, without rounding dust. */
export const typed = (value: number | undefined): string =>
  value === undefined ? '' : String(Number(value.toPrecision(12)))
