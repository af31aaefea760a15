import type { Fields, Findings } from '../../payload/index.ts'

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/
const yearMs = 365.25 * 86_400_000

/** Moments of a footprint: their form, their order, and how long it is valid (three years after its data at most). */
export function checkPeriods(footprint: Fields, pcf: Fields, findings: Findings): void {
  const read = (fields: Fields, name: string, path: string): number | undefined => {
    const value = fields[name]
    if (value === undefined || value === null) return undefined
    const moment = typeof value === 'string' && dateTime.test(value) ? Date.parse(value) : Number.NaN
    if (Number.isNaN(moment)) {
      findings.add('breach', 'date-time', path, 'A moment is a date-time of RFC 3339', {
        found: value,
        expected: '2025-01-01T00:00:00Z',
      })
      return undefined
    }
    return moment
  }
  const start = read(pcf, 'referencePeriodStart', 'pcf.referencePeriodStart')
  const end = read(pcf, 'referencePeriodEnd', 'pcf.referencePeriodEnd')
  const created = read(footprint, 'created', 'created')
  const from = read(footprint, 'validityPeriodStart', 'validityPeriodStart')
  const to = read(footprint, 'validityPeriodEnd', 'validityPeriodEnd')
  if (start !== undefined && end !== undefined && end <= start) {
    findings.add('breach', 'period', 'pcf.referencePeriodEnd', 'The period of the data ends before it begins', {
      found: pcf.referencePeriodEnd,
      expected: `after ${pcf.referencePeriodStart}`,
    })
  }
  if (from !== undefined && to !== undefined && to <= from) {
    findings.add('breach', 'period', 'validityPeriodEnd', 'The validity ends before it begins', {
      found: footprint.validityPeriodEnd,
    })
  }
  if (end !== undefined && created !== undefined && created < end) {
    findings.add('doubt', 'before-its-data', 'created', 'It was made before the period of its data was over', {
      found: footprint.created,
      expected: `${pcf.referencePeriodEnd} or later`,
    })
  }
  if (end !== undefined && from !== undefined && from < end) {
    findings.add(
      'doubt',
      'before-its-data',
      'validityPeriodStart',
      'It is valid before the period of its data is over',
      {
        found: footprint.validityPeriodStart,
        expected: `${pcf.referencePeriodEnd} or later`,
      },
    )
  }
  if (end !== undefined && to !== undefined && to > end + 3 * yearMs + 86_400_000) {
    findings.add('doubt', 'old-data', 'validityPeriodEnd', 'It is valid for more than three years after its data', {
      found: footprint.validityPeriodEnd,
    })
  }
}
