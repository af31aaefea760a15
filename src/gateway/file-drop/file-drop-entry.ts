import { checkZone, MangroveError, type ProblemDetails, stampReader } from '../../kernel/index.ts'
import type { FieldEntry } from '../field-protocol.ts'
import { pointProblems } from '../link/point-map.ts'
import { FileDropSettingsSchema } from './settings.ts'

/** An entry of `file-drop` in a site file. */
export const fileDropEntry: FieldEntry<typeof FileDropSettingsSchema> = {
  name: 'file-drop',
  title: 'File drop',
  schema: FileDropSettingsSchema,
  check({ settings, unitOf }) {
    const { points = {}, csv = {} } = settings
    const problems: ProblemDetails[] = [...pointProblems(points, unitOf, 'points')]
    const attempt = (path: string, work: () => unknown): void => {
      try {
        work()
      } catch (error) {
        if (!(error instanceof MangroveError)) throw error
        const { detail, found, expected } = error.problems[0]!
        problems.push({ detail, found, ...(expected === undefined ? {} : { expected }), place: { path } })
      }
    }
    if (csv.zone !== undefined) attempt('csv.zone', () => checkZone(csv.zone!))
    if (csv.timeFormat !== undefined) attempt('csv.timeFormat', () => stampReader(csv.timeFormat!))
    return problems
  },
}
