import { defineErrors } from '../kernel/index.ts'

export const errors = defineErrors('cli', {
  unknownCommand: { status: 400, title: 'There is no such command' },
  unknownFlag: { status: 400, title: 'There is no such flag' },
  flagValue: { status: 400, title: 'The value of a flag does not fit' },
  missingArgument: { status: 400, title: 'An argument is missing' },
  bug: { status: 500, title: 'Something that should not happen' },
  unreadableFile: { status: 422, title: 'A file cannot be read' },
  unwritableFile: { status: 422, title: 'A file cannot be written' },
  nothingKept: { status: 404, title: 'There is no store' },
  evidenceNotFound: { status: 404, title: 'No evidence with this id' },
  evidenceUnreadable: { status: 422, title: 'The evidence cannot be read' },
})
