import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../../src/kernel/index.ts'
import { peerErrors, throwProblems } from '../errors.ts'
import { readSnapshots, type Snapshots } from './snapshots.ts'
import { type Components, createComponents, parseTable, type Table } from './table.ts'

/** Kinds of components that are modelled. */
export const kinds = [
  'buses',
  'carriers',
  'generators',
  'loads',
  'storage_units',
  'stores',
  'links',
  'lines',
  'transformers',
  'global_constraints',
  'line_types',
] as const
export type Kind = (typeof kinds)[number]

/** Files whose rows would change the optimum and are not modelled here. */
const unsupportedFiles = ['processes', 'scenarios', 'flow_based_constraints', 'flow_based_domains'] as const

/** A network as its files tell it. */
export interface Network extends Readonly<Record<Kind, Components>> {
  readonly snapshots: Snapshots
  /** Problems that reading attributes finds; thrown by {@link throwProblems} before the solve. */
  readonly problems: Problem[]
}

/**
 * Reads a folder that PyPSA's `export_to_csv_folder` wrote, or one in its form.
 * Source of the form: PyPSA 1.3 `pypsa/network/io.py` and `data/component_attrs/*.csv` (MIT).
 *
 * @throws {MangroveError} `peer-case.unreadable`, `peer-case.missing`, `peer-case.malformed`, `peer-case.bad-value`,
 *   `peer-case.unsupported`
 */
export async function readFolder(folder: string): Promise<Network> {
  const files = await readdir(folder)
  const table = async (name: string): Promise<Table | undefined> =>
    files.includes(`${name}.csv`)
      ? parseTable(`${name}.csv`, await readFile(join(folder, `${name}.csv`), 'utf8'))
      : undefined
  const problems: Problem[] = []
  for (const name of unsupportedFiles) {
    const found = await table(name)
    if (found && found.rows.length > 0)
      problems.push(
        peerErrors.unsupported.problem({ detail: `${name} are not modelled here`, place: { file: `${name}.csv` } }),
      )
  }
  if (!files.includes('buses.csv') || !files.includes('snapshots.csv')) {
    throw peerErrors.missing({
      detail: 'The folder is no PyPSA network',
      place: { file: files.includes('buses.csv') ? 'snapshots.csv' : 'buses.csv' },
      found:
        files
          .filter((file) => file.endsWith('.csv'))
          .slice(0, 8)
          .join(', ') || 'no CSV file',
      expected: 'buses.csv and snapshots.csv',
    })
  }
  const snapshots = readSnapshots(await table('snapshots'), await table('investment_periods'), problems)
  const components: Partial<Record<Kind, Components>> = {}
  for (const kind of kinds) {
    const series = new Map<string, Table>()
    for (const file of files) {
      const attribute = new RegExp(`^${kind}-(\\w+)\\.csv$`).exec(file)?.[1]
      const found = attribute === undefined ? undefined : await table(`${kind}-${attribute}`)
      if (attribute !== undefined && found) series.set(attribute, found)
    }
    components[kind] = createComponents({
      kind,
      table: await table(kind),
      series,
      snapshots: snapshots.count,
      problems,
    })
  }
  throwProblems(problems)
  return { ...(components as Record<Kind, Components>), snapshots, problems }
}
