import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinearModel } from '../../kernel/index.ts'
import { shareModel } from './shared-model.ts'

const reals = fc.float64Array()
const wholes = fc.int32Array()
const model: fc.Arbitrary<LinearModel> = fc.record({
  columnCount: fc.nat(),
  rowCount: fc.nat(),
  offset: fc.double(),
  cost: reals,
  columnLower: reals,
  columnUpper: reals,
  integrality: fc.uint8Array(),
  rowLower: reals,
  rowUpper: reals,
  rowStart: wholes,
  columnIndex: wholes,
  coefficient: reals,
  cutRows: fc.array(fc.record({ first: fc.nat(), count: fc.nat() })),
})
const isNumbers = (value: unknown): value is Float64Array => ArrayBuffer.isView(value)

describe('a model in shared memory', () => {
  it('has the same numbers of the same kind, all of them shared and none of them the engine’s own', () => {
    fc.assert(
      fc.property(model, (given) => {
        const before = structuredClone(given)
        const shared = shareModel(given)
        for (const numbers of Object.values(given).filter(isNumbers)) numbers.fill(1)
        expect(shared).toEqual(before)
        for (const numbers of Object.values(shared).filter(isNumbers)) {
          expect(numbers.buffer).toBeInstanceOf(SharedArrayBuffer)
        }
      }),
    )
  })
})
