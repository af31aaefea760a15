import { defineErrors } from '../kernel/index.ts'

export const solveErrors = defineErrors('solve', {
  notFinite: { status: 500, title: 'The solver returned no number' },
  workerLost: { status: 500, title: 'A solver worker stopped' },
  cancelled: { status: 499, title: 'The solve was cancelled' },
})
