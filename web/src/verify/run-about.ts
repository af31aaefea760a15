import { daysText } from '../format/periods.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** What a run is about, as far as its output tells: its year or period, and whose. */
export function runAbout(output: unknown, language: string): string {
  if (!isRecord(output)) return ''
  const { year, period, organisation, name } = output
  const time =
    isRecord(period) && typeof period.from === 'string' && typeof period.to === 'string'
      ? daysText(period.from, period.to, language)
      : year
  return [time, organisation ?? name].filter((part) => part !== undefined).join(' · ')
}
