import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { packError, unpackError } from './carried-error.ts'

const problem = fc.record(
  {
    code: fc.string(),
    status: fc.integer({ min: 400, max: 599 }),
    title: fc.string(),
    detail: fc.string(),
    place: fc.record({ file: fc.string(), line: fc.nat(), path: fc.string() }, { requiredKeys: [] }),
    found: fc.jsonValue(),
    expected: fc.string(),
  },
  { requiredKeys: ['code', 'status', 'title', 'detail'] },
)
const carry = (error: unknown): Error => unpackError(structuredClone(packError(error)))

describe('an error that is carried between threads', () => {
  it('keeps all its problems, its words, its stack and its causes', () => {
    fc.assert(
      fc.property(fc.array(problem, { minLength: 1 }), fc.string(), (problems, below) => {
        const error = new MangroveError(problems, { cause: new TypeError(below) })
        const carried = carry(error)
        expect(carried).toBeInstanceOf(MangroveError)
        expect((carried as MangroveError).problems).toEqual(problems)
        expect(carried).toMatchObject({ name: error.name, message: error.message, stack: error.stack })
        expect(carried.cause).toMatchObject({ name: 'TypeError', message: below })
      }),
    )
  })

  it('is an error even where something else was thrown', () => {
    expect(carry('thrown text')).toMatchObject({ name: 'Error', message: 'thrown text' })
    expect(carry(AbortSignal.abort().reason).name).toBe('AbortError')
  })

  it('that is its own cause ends somewhere', () => {
    const error = new Error('round')
    error.cause = error
    expect(carry(error).message).toBe('round')
  })
})
