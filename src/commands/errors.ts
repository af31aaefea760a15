import { defineErrors } from '../kernel/index.ts'

export const commandErrors = defineErrors('commands', {
  badSetpoint: { status: 422, title: 'A setpoint is described wrongly' },
  badInterlock: { status: 422, title: 'An interlock is described wrongly' },
  unknownSetpoint: { status: 404, title: 'Setpoint is not commanded' },
  noOverride: { status: 404, title: 'There is no override' },
  noHold: { status: 404, title: 'Commands are not held' },
  badOverride: { status: 422, title: 'Override cannot be taken' },
  nothingLogged: { status: 404, title: 'Nothing was logged then' },
  // Of several nodes: another one commands the site.
  otherWriter: { status: 409, title: 'Another node commands the site' },
  // Of the log: it is no evidence any more.
  brokenLog: { status: 500, title: 'The log of commands is broken' },
})
