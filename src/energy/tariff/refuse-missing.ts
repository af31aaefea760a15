import {
  endMs,
  formatIso,
  MangroveError,
  type Problem,
  type Site,
  type StepGrid,
  stepStartMs,
} from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { TariffOnGrid } from './tariff-on-grid.ts'

/**
 * Only a grid connection needs prices; with one, a step without price or carbon intensity is an error, not a zero.
 *
 * @throws `energy.missing-data` with the first gap of each series
 */
export function refuseMissingPrices(site: Site, grid: StepGrid, tariff: TariffOnGrid): void {
  if (!site.assets.some((asset) => asset.kind === 'grid')) return
  const problems: Problem[] = []
  const look = (values: Float64Array, path: string, what: string, by = 'a value'): void => {
    const missing = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
    if (missing === 0) return
    const first = values.findIndex(Number.isNaN)
    problems.push(
      energyErrors.missingData.problem({
        detail: `${what} is missing in ${missing} of ${values.length} steps, first at ${formatIso(stepStartMs(grid, first), site.zone)}`,
        place: { file: site.source.file, path },
        expected: `${by} for every step until ${formatIso(endMs(grid), site.zone)}`,
      }),
    )
  }
  look(tariff.importPrice, 'tariff.import', 'The import price', '`timeOfUse`, `spot` or `feePerKwh`')
  look(tariff.exportPrice, 'tariff.export', 'The export price', '`timeOfUse`, `spot` or `feePerKwh`')
  look(tariff.carbonIntensity, 'tariff.carbonIntensity', 'The carbon intensity')
  if (problems.length > 0) throw new MangroveError(problems)
}
