import { formatNumber, show } from '../format/numbers.ts'
import { dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import type { Why } from './field-queries.ts'

interface WhySentenceProps {
  readonly why: Why
  /** Of the values in it. */
  readonly unit: string
  readonly zone: string
}

const amounts = new Set(['value', 'wanted', 'least', 'most', 'tolerance', 'rampPerMinute'])

/** Why a setpoint is what it is, in the reader's language; in the server's words where the console has none. */
export function WhySentence({ why: { code, text, values }, unit, zone }: WhySentenceProps) {
  const { say, knows, language } = useWords()
  const key = `field.why.${code.replace(/^commands\./, '')}`
  if (!knows(key)) return text
  const shownAs = (name: string, value: number | string): string => {
    if (typeof value === 'string') return value
    if (name.endsWith('Ms')) return dayAndTime(value, zone, language)
    if (name === 'limitKw') return amountText(value, 'kW')
    return amounts.has(name) ? amountText(value, unit) : formatNumber(value)
  }
  return say(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shownAs(name, value)])))
}

/** A value of a setpoint with its unit; counts and modes without. */
export function amountText(value: number, unit: string): string {
  if (unit === '1') return formatNumber(value)
  const shown = show(value, unit)
  return `${shown.text}\u00a0${shown.unit}`
}
