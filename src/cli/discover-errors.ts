import { defineErrors } from '../kernel/index.ts'

export const discoverErrors = defineErrors('cli', {
  badAddress: { status: 400, title: 'The address does not fit' },
  fileExists: { status: 409, title: 'The file is there already' },
})
