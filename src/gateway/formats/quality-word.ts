import { type Problem, quality, qualityNames } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { shown } from './check-name.ts'

/** Code of a quality that is told as a word or as its code; undefined: it is neither. */
export function qualityCode(told: unknown): number | undefined {
  if (typeof told === 'number') return qualityNames[told] === undefined ? undefined : told
  if (typeof told !== 'string') return undefined
  if (/^[0-4]$/.test(told)) return Number(told)
  const code = (qualityNames as readonly string[]).indexOf(told)
  return code < 0 ? undefined : code
}

export const qualityProblem = (found: unknown): Problem =>
  gatewayErrors.badQuality.problem({
    detail: 'The quality is not known',
    found: shown(found),
    expected: qualityNames.map((name, code) => `${name} (${code})`).join(', '),
  })

/** Quality of a value that comes with none. */
export const usualQuality = (value: number): number => (Number.isNaN(value) ? quality.missing : quality.good)

/**
 * Whether a quality fits a value: `missing` exactly where the value is NaN.
 */
export const fits = (value: number, code: number): boolean => Number.isNaN(value) === (code === quality.missing)

export const contradiction = (value: number, code: number): Problem =>
  gatewayErrors.qualityContradicts.problem({
    detail: Number.isNaN(value)
      ? 'There is no value, but a quality of one'
      : 'There is a value whose quality is missing',
    found: qualityNames[code] ?? code,
    expected: Number.isNaN(value) ? 'quality missing, or none' : 'another quality, or no value',
  })
