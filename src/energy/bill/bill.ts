import {
  defineEngine,
  type EngineContext,
  formatIso,
  MangroveError,
  parseInstant,
  type Site,
} from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import { type BillInput, BillInputSchema, type BillOutput, BillOutputSchema, type Tariff } from '../schema/index.ts'
import { monthOfYear, monthStartMs } from '../tariff/calendar.ts'
import { refuseMissingPrices, type Statement, statements, tariffOnGrid } from '../tariff/index.ts'
import { type BillPeriod, billingMonthAt, billPeriod, readFromMs } from './bill-period.ts'
import { publishBeside, publishBilled } from './publish.ts'
import { readMeter } from './read-meter.ts'
import { billReasons } from './reasons.ts'

/** Prints what a meter costs by the tariff of a site, line by line, and what it would cost by another. */
export const billEngine = defineEngine({
  id: 'energy.bill',
  title: 'Print the electricity bill of a site',
  description:
    'Bills a metered import and export by the site’s tariff, month by month and line by line: energy by period and block, demand, capacity, fixed charges, power factor, surcharges, taxes, export and net metering. With `changes` it says what the same meter would cost by another tariff.',
  version: '0.1.0',
  input: BillInputSchema,
  output: BillOutputSchema,
  positional: 'site',
  run: bill,
})

async function bill(input: BillInput, context: EngineContext): Promise<BillOutput> {
  context.progress(0.05, 'reading the site')
  const site = await context.data.site(input.site)
  checkBillable(site)
  const period = billPeriod(input, site, context.clock.now())
  context.progress(0.2, 'reading the meter')
  const own = await printBills(input, site, period, context)
  const other = input.changes === undefined ? undefined : await context.data.site(input.site, input.changes)
  context.progress(0.6, 'printing the bill')
  const tariff = site.sections.tariff as Tariff
  const billed = publishBilled(own.statements, site, tariff.rounding)
  const compared = other && (await compare(input, other, period, billed.total, context))
  return {
    site: site.id,
    start: formatIso(period.startMs, site.zone),
    end: formatIso(period.endMs, site.zone),
    zone: site.zone,
    currency: site.currency,
    stepMinutes: period.stepMs / 60_000,
    ...billed,
    ...publishBeside(own.statements),
    ...(compared ? { compared } : {}),
    reasons: billReasons({
      site,
      tariff,
      period,
      statements: own.statements,
      hasReactive: input.reactive !== undefined,
      knownFromMs: own.knownFromMs,
      ...(compared ? { compared } : {}),
    }),
  }
}

async function compare(
  input: BillInput,
  other: Site,
  period: BillPeriod,
  total: number,
  context: EngineContext,
): Promise<NonNullable<BillOutput['compared']>> {
  checkBillable(other)
  const { statements: printed } = await printBills(input, other, period, context)
  const billed = publishBilled(printed, other, (other.sections.tariff as Tariff).rounding)
  return { ...billed, difference: Math.round((billed.total - total) * 1e6) / 1e6 + 0 }
}

interface Printed {
  readonly statements: readonly Statement[]
  /** From when on the meter is known; before the period for what looks back. */
  readonly knownFromMs: number
}

async function printBills(input: BillInput, site: Site, period: BillPeriod, context: EngineContext): Promise<Printed> {
  const tariff = site.sections.tariff as Tariff
  refuseLongSteps(tariff, period, site)
  const fromMs = readFromMs(tariff, period, site.zone)
  const meter = await readMeter(context.data, { input, site, period, fromMs })
  const onGrid = await tariffOnGrid(site, meter.grid, context.data, {
    soFar: false,
    billedFromMs: period.startMs,
  })
  refuseMissingPrices(site, meter.grid, onGrid)
  refuseUnmeasuredHours(tariff, meter.grid.startMs, period, site)
  refuseUncountedYear(tariff, meter.grid.startMs, site)
  const all = statements(onGrid, meter, { currency: site.currency })
  return { statements: all.filter(({ startMs }) => startMs >= period.startMs), knownFromMs: meter.grid.startMs }
}

/** @throws `energy.bad-bill` for a site without a grid connection or a tariff */
function checkBillable(site: Site): void {
  const { file } = site.source
  if (!site.assets.some(({ kind }) => kind === 'grid')) {
    throw energyErrors.badBill({
      detail: 'The site has no grid connection: nobody sends it a bill',
      place: { file, path: 'assets' },
      expected: 'an asset of kind grid',
    })
  }
  if (site.sections.tariff === undefined) {
    throw energyErrors.badBill({
      detail: 'The site has no tariff',
      place: { file, path: 'tariff' },
      expected: 'a tariff',
    })
  }
}

/** A demand that is measured on quarter-hours cannot be told from hours. */
function refuseLongSteps(tariff: Tariff, { stepMs }: BillPeriod, site: Site): void {
  const problems = tariff.demand.flatMap(({ name, intervalMinutes, coincident }, i) => {
    const minutes = coincident?.minutes ?? intervalMinutes
    if ((minutes * 60_000) % stepMs === 0) return []
    return [
      energyErrors.badBill.problem({
        detail: `The demand charge “${name}” is measured on ${minutes} min, which is no multiple of the meter’s step`,
        place: {
          file: site.source.file,
          path: `tariff.demand.${i}.${coincident ? 'coincident.minutes' : 'intervalMinutes'}`,
        },
        found: `a step of ${stepMs / 60_000} min`,
        expected: `a meter with a step that divides ${minutes} min`,
      }),
    ]
  })
  if (problems.length > 0) throw new MangroveError(problems)
}

/** Hours of the system's peak that are billed now must be in the meter, all of them. */
function refuseUnmeasuredHours(tariff: Tariff, knownFromMs: number, { startMs, endMs }: BillPeriod, site: Site): void {
  tariff.demand.forEach(({ name, coincident }, i) => {
    if (!coincident) return
    const starts = coincident.hours.map((text) => parseInstant(text, site.zone))
    const last = Math.max(...starts)
    if (last < startMs || last >= endMs || Math.min(...starts) >= knownFromMs) return
    throw energyErrors.badBill({
      detail: `The charge “${name}” is measured in hours that the meter does not have`,
      place: { file: site.source.file, path: `tariff.demand.${i}.coincident.hours` },
      found: formatIso(Math.min(...starts), site.zone),
      expected: `hours from ${formatIso(knownFromMs, site.zone)} on, or a meter that begins earlier`,
    })
  })
}

/** Blocks that count over the year need its kWh from the first on. */
function refuseUncountedYear({ import: imports, billingDay }: Tariff, knownFromMs: number, site: Site): void {
  const list = imports.tiers.findIndex(({ per }) => per === 'year')
  const known = billingMonthAt(knownFromMs, site.zone, billingDay)
  const isYearStart = monthOfYear(known) === 1 && monthStartMs(known, { zone: site.zone, billingDay }) === knownFromMs
  if (list < 0 || isYearStart) return
  throw energyErrors.badBill({
    detail: `The blocks “${imports.tiers[list]!.name}” count over the year, and the meter is not known from its first month on`,
    place: { file: site.source.file, path: `tariff.import.tiers.${list}.per` },
    found: `a meter from ${formatIso(knownFromMs, site.zone)} on`,
    expected: 'a meter without gaps since January',
  })
}
