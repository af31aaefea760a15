/**
 * A solver returned a value that is not a number. A class of its own, and not an error of the catalogue: the thread that solves
 * loads no kernel, which takes five times as long as the solver.
 */
export class NotFinite extends Error {
  constructor() {
    super('The solver returned a value that is not a number')
  }
}
