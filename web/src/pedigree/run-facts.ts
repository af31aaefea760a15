import type { Reading } from './pedigree-queries.ts'

type Step = string | number

/** What stands at a path of a result; undefined where nothing does. */
export function valueAt(result: unknown, path: readonly Step[]): unknown {
  let found = result
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Readonly<Record<Step, unknown>>)[step]
  }
  return found
}

/** `series["grid.powerKw"][3]`: a path as people write it. */
export const pathText = (path: readonly Step[]): string =>
  path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `[${JSON.stringify(step)}]`
      return index === 0 ? step : `.${step}`
    })
    .join('')

/** What a run read, in a few words: the site, the series of which path, the file. */
export function readingTitle({ request }: Reading): string {
  if (typeof request === 'string') return request
  if (typeof request !== 'object' || request === null) return ''
  const { path, name, file, id, site, problem } = request as Readonly<Record<string, unknown>>
  const found = [path, name, file, id, problem, site].find((part) => typeof part === 'string')
  return typeof found === 'string' ? found : ''
}

/** A factor that a result rests on. */
export interface NamedFactor {
  readonly id: string
  readonly value: string
  readonly document: string
}

/** Factors that a result names at its top, as the engines of carbon do. */
export function factorsOf(result: unknown): readonly NamedFactor[] {
  const listed = valueAt(result, ['factors'])
  if (!Array.isArray(listed)) return []
  return listed.flatMap((factor) => {
    const text = (name: string): string => {
      const value = valueAt(factor, [name])
      return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    }
    const id = text('factor') || text('id')
    return id === '' ? [] : [{ id, value: `${text('value')} ${text('unit')}`.trim(), document: text('document') }]
  })
}
