import { MangroveError, type Problem, type ProblemDetails, parseInstant, type Site } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { DemandCharge, Tariff, TariffWindow } from '../schema/index.ts'
import { isNever } from './window.ts'

/** What the schema cannot say of a tariff: every problem with its place in the site file. */
export function tariffProblems(tariff: Tariff, site: Site): readonly Problem[] {
  const problems: Problem[] = []
  const report = (path: string, details: Omit<ProblemDetails, 'place'>): void =>
    void problems.push(
      energyErrors.badTariff.problem({ ...details, place: { file: site.source.file, path: `tariff.${path}` } }),
    )
  checkNumbers(tariff, '', report)
  for (const { path, window } of windowsOf(tariff)) checkWindow(path, window, report)
  for (const [i, { blocks }] of tariff.import.tiers.entries()) {
    const ends = blocks.map(({ upToKwh }) => upToKwh)
    checkBlocks(`import.tiers.${i}.blocks`, ends, report)
  }
  for (const [i, charge] of tariff.demand.entries()) checkDemand(`demand.${i}`, charge, site.zone, report)
  checkNetMetering(tariff, report)
  checkPowerFactor(tariff, report)
  tariff.holidays.forEach((date, i) => {
    if (isDate(date)) return
    report(`holidays.${i}`, {
      detail: 'A holiday is no date',
      found: date,
      expected: 'YYYY-MM-DD, a day of the calendar',
    })
  })
  return problems
}

type Report = (path: string, details: Omit<ProblemDetails, 'place'>) => void

/** A price that is no number would pass through every sum unseen. Sources of series are checked where they are read. */
function checkNumbers(value: unknown, path: string, report: Report): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    report(path, { detail: 'This is no number', found: String(value), expected: 'a number' })
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'spot' || name === 'carbonIntensity') continue
    checkNumbers(inner, path === '' ? name : `${path}.${name}`, report)
  }
}

function windowsOf({
  import: imports,
  export: exports,
  demand,
}: Tariff): readonly { path: string; window: TariffWindow }[] {
  const periods = (side: Pick<Tariff['import'], 'timeOfUse'> | undefined, path: string) =>
    (side?.timeOfUse?.periods ?? []).map((window, i) => ({ path: `${path}.timeOfUse.periods.${i}`, window }))
  return [
    ...periods(imports, 'import'),
    ...periods(exports, 'export'),
    ...imports.tiers.map((window, i) => ({ path: `import.tiers.${i}`, window })),
    ...demand.map((window, i) => ({ path: `demand.${i}`, window })),
  ]
}

function checkWindow(path: string, window: TariffWindow, report: Report): void {
  if (!isNever(window)) return
  report(path, {
    detail: 'No moment of any day lies in this window',
    found: `${window.from}–${window.to}, months ${JSON.stringify(window.months ?? 'all')}, weekdays ${JSON.stringify(window.weekdays ?? 'all')}`,
    expected: 'a window of some length, and at least one month and weekday',
  })
}

function checkBlocks(path: string, ends: readonly (number | undefined)[], report: Report): void {
  ends.forEach((end, i) => {
    const isLast = i === ends.length - 1
    if (end === undefined && !isLast) {
      report(`${path}.${i}`, { detail: 'Only the last block may be without an end', expected: 'where this block ends' })
    }
    if (end !== undefined && isLast) {
      report(`${path}.${i}`, {
        detail: 'What is above the last block has no price',
        found: end,
        expected: 'a last block without an end',
      })
    }
    const before = ends[i - 1]
    if (end !== undefined && before !== undefined && end <= before) {
      report(`${path}.${i}`, { detail: 'Blocks stand in rising order', found: end, expected: `more than ${before}` })
    }
  })
}

function checkDemand(path: string, charge: DemandCharge, zone: string, report: Report): void {
  const { blocks, contract, coincident, lookBack, billedOn, peaks } = charge
  if (blocks.length > 0)
    checkBlocks(
      `${path}.blocks`,
      blocks.map(({ upToKw }) => upToKw),
      report,
    )
  const clash = (detail: string, expected: string): void => report(path, { detail, expected })
  if (contract && blocks.length > 0) clash('A demand by contract has no blocks', '`contract` or `blocks`')
  if (lookBack && billedOn === 'twelve-month-mean')
    clash('A mean of twelve months looks back by itself', '`lookBack` or `billedOn`')
  if (coincident && (lookBack || billedOn === 'twelve-month-mean' || contract)) {
    clash(
      'A charge on the hours of the system’s peak stands by itself',
      '`coincident` without `lookBack`, `billedOn` or `contract`',
    )
  }
  const months = peaks.map(({ month }) => month)
  months.forEach((month, i) => {
    if (months.indexOf(month) === i) return
    report(`${path}.peaks.${i}`, {
      detail: 'The peak of a month stands twice',
      found: month,
      expected: 'each month once',
    })
  })
  coincident?.hours.forEach((text, i) => {
    try {
      parseInstant(text, zone)
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      report(`${path}.coincident.hours.${i}`, {
        detail: 'This is no time',
        found: text,
        expected: 'ISO 8601, such as 2026-07-14T17:00',
      })
    }
  })
}

function checkNetMetering({ netMetering, import: imports }: Tariff, report: Report): void {
  if (!netMetering) return
  if (imports.spot !== undefined) {
    report('netMetering', {
      detail: 'Net metering takes kWh off kWh of one price; a spot price has one for every step',
      expected: 'an export price instead: `export.spot`',
    })
  }
  if (imports.tiers.length > 0) {
    report('netMetering', {
      detail: 'Net metering together with blocks of energy is not known here',
      expected: '`netMetering` or `import.tiers`',
    })
  }
}

function checkPowerFactor({ powerFactor }: Tariff, report: Report): void {
  powerFactor?.table.forEach(({ from }, i, table) => {
    const before = table[i - 1]?.from
    if (i === 0 && from > 0) {
      report('powerFactor.table.0', {
        detail: 'The table says nothing of low power factors',
        found: from,
        expected: 'a first row from 0',
      })
    }
    if (before === undefined || from > before) return
    report(`powerFactor.table.${i}`, {
      detail: 'The table stands in rising order',
      found: from,
      expected: `more than ${before}`,
    })
  })
}

const isDate = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
