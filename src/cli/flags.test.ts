import Type from 'typebox'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { flagsOf, parseFlags } from './flags.ts'

const input = Type.Object({
  site: Type.String({ description: 'path' }),
  hours: Type.Number({ default: 24 }),
  peakImportKw: Type.Optional(Type.Number()),
  changes: Type.Optional(Type.Unknown()),
  wait: Type.Optional(Type.Boolean()),
})
const specs = flagsOf(input)

const problemsOf = (args: readonly string[]) => {
  try {
    parseFlags(args, specs, ['site'])
    return []
  } catch (error) {
    if (error instanceof MangroveError) return error.problems
    throw error
  }
}

describe('flags derived from an input schema', () => {
  it('names each field in kebab case and knows which is required', () => {
    expect(specs.map((spec) => spec.flag)).toEqual(['--site', '--hours', '--peak-import-kw', '--changes', '--wait'])
    expect(specs.filter((spec) => spec.required).map((spec) => spec.field)).toEqual(['site'])
  })

  it('reads positional, spaced, = and boolean forms', () => {
    const parsed = parseFlags(['park.yaml', '--hours', '6', '--peak-import-kw=900', '--no-wait', '--json'], specs, [
      'site',
    ])
    expect(parsed).toEqual({
      values: { site: 'park.yaml', hours: 6, peakImportKw: 900, wait: false },
      json: true,
      help: false,
    })
  })

  it('reads JSON for fields without a plain type', () => {
    const parsed = parseFlags(['p', '--changes', '{"assets":{"roof":null}}'], specs, ['site'])
    expect(parsed.values.changes).toEqual({ assets: { roof: null } })
  })

  it('takes a negative number as the value of a flag', () => {
    expect(parseFlags(['p', '--peak-import-kw', '-5'], specs, ['site']).values.peakImportKw).toBe(-5)
  })

  it('tells all problems at once', () => {
    expect(problemsOf(['--hours', 'soon', '--color', '--changes', '{']).map((problem) => problem.code)).toEqual([
      'cli.flag-value',
      'cli.unknown-flag',
      'cli.flag-value',
      'cli.missing-argument',
    ])
  })

  it('names the flag that was meant, and does not wonder about its value', () => {
    expect(problemsOf(['p', '--hors', '6']).map(({ code, detail }) => [code, detail])).toEqual([
      ['cli.unknown-flag', 'There is no flag --hors; did you mean --hours?'],
    ])
  })

  it('refuses a field given as a word and as a flag, --json with a value, and what is neither true nor false', () => {
    expect(problemsOf(['p', '--site', 'q'])).toMatchObject([{ code: 'cli.flag-value', found: 'p' }])
    expect(problemsOf(['p', '--json=no'])).toMatchObject([{ code: 'cli.unknown-flag', found: '--json=no' }])
    expect(problemsOf(['p', '--wait=yes'])).toMatchObject([{ code: 'cli.flag-value', found: 'yes' }])
    expect(parseFlags(['p', '--wait=false'], specs, ['site']).values.wait).toBe(false)
  })

  it('holds a number to its range', () => {
    const port = { flag: '--port', field: 'port', type: 'integer', description: '', required: false } as const
    const read = (text: string) => parseFlags(['--port', text], [{ ...port, range: [0, 65_535] }]).values.port
    expect(read('65535')).toBe(65_535)
    expect(() => read('65536')).toThrow('from 0 to 65535')
  })

  it('reads a list of words where one may be given again', () => {
    const specs = [
      { flag: '--site', field: 'site', type: 'string', description: '', required: false, many: true },
    ] as const
    expect(parseFlags(['a.yaml', 'b.yaml', '--site', 'c.yaml'], specs, ['site']).values).toEqual({
      site: ['c.yaml', 'a.yaml', 'b.yaml'],
    })
    expect(parseFlags(['a.yaml'], specs, ['site']).values).toEqual({ site: ['a.yaml'] })
    expect(parseFlags([], specs, ['site']).values).toEqual({})
  })

  it('refuses a flag without value, an empty number and a second positional', () => {
    expect(problemsOf(['p', '--hours'])[0]).toMatchObject({ code: 'cli.flag-value' })
    expect(problemsOf(['p', '--hours', ''])[0]).toMatchObject({ code: 'cli.flag-value' })
    expect(problemsOf(['p', 'q'])[0]).toMatchObject({ code: 'cli.unknown-flag', found: 'q' })
  })
})
