import type { LinearModel } from '../../kernel/index.ts'

/**
 * The model with its numbers in shared memory: on its way over the server's thread to a solver nothing is copied there,
 * and a year of hours is some 13 MB. The numbers are a copy, so the engine may go on to change its own.
 */
export function shareModel(model: LinearModel): LinearModel {
  return {
    ...model,
    cost: shared(model.cost),
    columnLower: shared(model.columnLower),
    columnUpper: shared(model.columnUpper),
    integrality: shared(model.integrality),
    rowLower: shared(model.rowLower),
    rowUpper: shared(model.rowUpper),
    rowStart: shared(model.rowStart),
    columnIndex: shared(model.columnIndex),
    coefficient: shared(model.coefficient),
  }
}

type Numbers = Float64Array | Int32Array | Uint8Array

function shared<T extends Numbers>(numbers: T): T {
  const memory = new SharedArrayBuffer(numbers.byteLength)
  const Kind = numbers.constructor as new (memory: SharedArrayBuffer) => T
  const copy = new Kind(memory)
  copy.set(numbers)
  return copy
}
