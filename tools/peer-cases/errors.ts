import { defineErrors, MangroveError, type Problem } from '../../src/kernel/index.ts'

export const peerErrors = defineErrors('peer-case', {
  usage: { status: 400, title: 'The command line does not fit' },
  unreadable: { status: 404, title: 'The file or folder cannot be read' },
  malformed: { status: 422, title: 'The file is not of the peer’s format' },
  missing: { status: 422, title: 'Something that the format asks for is not there' },
  badValue: { status: 422, title: 'A value does not fit' },
  unsupported: { status: 422, title: 'The file asks for something that is not modelled here' },
  infeasible: { status: 409, title: 'The case has no solution' },
  unbounded: { status: 409, title: 'The case has no finite optimum' },
  notProven: { status: 504, title: 'The optimum could not be proven' },
  uncertified: { status: 500, title: 'The solution fails its own check' },
  bug: { status: 500, title: 'Something that should not happen' },
})

/** At most so many problems of one file are collected; a file of another kind would give thousands. */
export const maxProblems = 20

/** Throws what was collected, when anything was. */
export function throwProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new MangroveError(problems.slice(0, maxProblems))
}
