import {
  defineEngine,
  type EngineContext,
  formatIso,
  type MangroveError,
  parseInstant,
  type SeriesSource,
  type Site,
  stepStartMs,
  type TimeGrid,
} from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { type Factor, factorBookWith, findFactor, pedigreeOf } from '../factors/index.ts'
import { heatMapOf } from './heat-map.ts'
import { type HourlyEnergy, matchHours } from './match-hours.ts'
import { readHours } from './read-hours.ts'
import { type MatchHoursInput, MatchHoursInputSchema, type MatchHoursOutput, MatchHoursOutputSchema } from './schema.ts'

const hourMs = 3_600_000
/** Granular certificates are rounded down to whole watt-hours (EnergyTag); noise of floating point aside. */
const wholeWh = (wh: number): number => Math.floor(wh + 1e-6)
/** Ten years. */
const mostHours = 87_700

/** Says which share of a load was clean in its hour. */
export const matchHoursEngine = defineEngine({
  id: 'carbon.match-hours',
  title: 'Match a load with clean energy hour by hour',
  description:
    'Holds the load of each hour against on-site clean generation, clean energy that a battery stored, and contracted generation of that hour (24/7). Gives the hourly score beside the yearly one, what is matched, unmatched and in excess, the emissions of each hour, and a map of month by hour of the day. Every balance holds to the watt-hour.',
  version: '0.1.0',
  input: MatchHoursInputSchema,
  output: MatchHoursOutputSchema,
  positional: 'site',
  run: run,
})

const bad = (detail: string, path: string, found: unknown, expected: string): MangroveError =>
  carbonErrors.badMatching({ detail, place: { path }, found, expected })

async function run(input: MatchHoursInput, context: EngineContext): Promise<MatchHoursOutput> {
  const site = await context.data.site(input.site)
  const grid = gridOf(input.period, site)
  const read = (source: SeriesSource, unit: string, path: string): Promise<Float64Array> =>
    readHours(context.data, site, { source, unit, path }, grid)
  const readWh = async (source: SeriesSource, path: string, towards: typeof Math.round, signed = false) => {
    const values = await read(source, 'kW', path)
    const negative = signed ? undefined : values.find((value) => value < 0)
    if (negative !== undefined) throw bad('This is not negative', path, negative, 'kilowatts of zero or more')
    // An hour of a kilowatt is a kilowatt-hour.
    return values.map((value) => towards(value * 1000))
  }
  const loadWh = await readWh(input.load, 'load', Math.round)
  for (const [index, { powerKw }] of input.moreLoads.entries()) {
    const more = await readWh(powerKw, `moreLoads.${index}.powerKw`, Math.round)
    for (let k = 0; k < loadWh.length; k += 1) loadWh[k]! += more[k]!
  }
  const plants = async (kind: 'onSite' | 'contracts') => {
    const found: Float64Array[] = []
    for (const [index, { powerKw }] of input[kind].entries())
      found.push(await readWh(powerKw, `${kind}.${index}.powerKw`, wholeWh))
    return found
  }
  const [onSiteWh, contractsWh] = [await plants('onSite'), await plants('contracts')]
  refuseTwins([...input.moreLoads, ...input.onSite, ...input.contracts, ...input.certificates])
  const battery = await readBattery(input.battery, (source) => readWh(source, 'battery.powerKw', Math.round, true))
  const { factors, warnings, factor } = await readFactor(
    input,
    (source) => read(source, 'kgCO2e/kWh', 'gridFactor'),
    grid.count,
  )
  const cleanShare =
    input.gridCleanShare === undefined ? undefined : await read(input.gridCleanShare, '1', 'gridCleanShare')
  if (cleanShare?.some((value) => value < 0 || value > 1)) {
    throw bad('A share is 0 to 1', 'gridCleanShare', 'outside', '0 to 1')
  }
  const measured = battery?.measuredWh ? [battery.measuredWh] : []
  const needed = [...onSiteWh, ...contractsWh, ...measured, factor, ...(cleanShare ? [cleanShare] : [])]
  const leftOut = leaveOut(loadWh, needed, grid, site, input.gaps)
  const energy: HourlyEnergy = { loadWh, onSiteWh, contractsWh, ...(battery ? { battery } : {}) }
  const match = matchHours(energy)
  const isIn = (k: number): boolean => !Number.isNaN(loadWh[k]!)
  const sumWh = (values: Float64Array): number => values.reduce((all, value, k) => (isIn(k) ? all + value : all), 0)
  const matchedWh = match.onSiteWh.map((value, k) => value + match.batteryWh[k]! + match.contractsWh[k]!)
  const kwh = (wh: number): number => wh / 1000
  const load = sumWh(loadWh)
  const matched = sumWh(matchedWh)
  const generated = [...onSiteWh, ...contractsWh].map(sumWh)
  const certificatesWh = input.certificates.reduce((all, { amountKwh }) => all + Math.round(amountKwh * 1000), 0)
  const cleanOfYear = Math.min(load, generated.reduce((all, wh) => all + wh, 0) + certificatesWh)
  const withGrid = cleanShare && sumWh(match.unmatchedWh.map((value, k) => value * cleanShare[k]!))
  const hoursWithLoad = loadWh.filter((value) => value > 0).length
  const fully = loadWh.filter((value, k) => value > 0 && match.unmatchedWh[k] === 0).length
  const kg = (values: Float64Array): Float64Array => values.map((value, k) => kwh(value) * factor[k]!)
  const meanFactor = meanOf(factor, isIn)
  const imported = sumWh(match.importWh)
  const ratio = (part: number): number | null => (load === 0 ? null : part / load)
  return {
    ...{ site: site.name, period: input.period, hourCount: grid.count, leftOut },
    score: {
      hourly: ratio(matched),
      hourlyWithGrid: withGrid === undefined ? null : ratio(matched + withGrid),
      yearly: ratio(cleanOfYear),
      hoursFullyMatched: hoursWithLoad === 0 ? 0 : fully / hoursWithLoad,
    },
    energy: {
      ...{ loadKwh: kwh(load), matchedKwh: kwh(matched), onSiteKwh: kwh(sumWh(match.onSiteWh)) },
      ...{ batteryKwh: kwh(sumWh(match.batteryWh)), contractsKwh: kwh(sumWh(match.contractsWh)) },
      ...{
        unmatchedKwh: kwh(sumWh(match.unmatchedWh)),
        importKwh: kwh(imported),
        exportKwh: kwh(sumWh(match.exportWh)),
      },
      ...{ excessContractsKwh: kwh(sumWh(match.excessContractsWh)), certificatesKwh: kwh(certificatesWh) },
    },
    battery: match.stored
      ? {
          ...{ chargedKwh: kwh(sumWh(match.chargedWh)), chargedCleanKwh: kwh(sumWh(match.chargedCleanWh)) },
          ...{ dischargedKwh: kwh(sumWh(match.dischargedWh)), dischargedCleanKwh: kwh(sumWh(match.dischargedCleanWh)) },
          ...{ lostKwh: kwh(match.stored.lostWh), lostCleanKwh: kwh(match.stored.lostCleanWh) },
          ...{ leftKwh: kwh(match.stored.storedWh), leftCleanKwh: kwh(match.stored.cleanWh) },
          unexplainedKwh: kwh(match.unexplainedWh),
        }
      : null,
    plants: [...input.onSite, ...input.contracts].map(({ id }, index) => {
      const isOnSite = index < input.onSite.length
      const used = isOnSite ? match.usedOnSiteWh[index]! : match.usedContractsWh[index - input.onSite.length]!
      const made = generated[index]!
      const kind = isOnSite ? ('on-site' as const) : ('contract' as const)
      return { id, kind, generatedKwh: kwh(made), usedKwh: kwh(used), excessKwh: kwh(made - used) }
    }),
    emissions: {
      unit: 'kgCO2e',
      importKg: sumWh(kg(match.importWh)),
      unmatchedImportKg: sumWh(kg(match.importWh.map((value, k) => value - match.coveredImportWh[k]!))),
      yearlyFactorKg: kwh(imported) * meanFactor,
      yearlyMatchedKg: kwh(load - cleanOfYear) * meanFactor,
      meanFactor,
    },
    heatMap: heatMapOf(grid, site.zone, loadWh, matchedWh),
    ...(input.hours ? { hours: hoursOf(grid, loadWh, matchedWh, match, kg(match.importWh)) } : {}),
    factors: factors.map((one) => ({ ...pedigreeOf(one) })),
    warnings: [...warnings],
    sources: [
      'Google: 24/7 Carbon-Free Energy, Methodologies and Metrics (2021)',
      'EnergyTag: Granular Certificate Scheme Standard, version 2 (2024)',
    ],
  }
}

function gridOf({ from, to }: MatchHoursInput['period'], site: Site): TimeGrid {
  const startMs = parseInstant(from, site.zone)
  const count = Math.round((parseInstant(to, site.zone) - startMs) / hourMs)
  if (count < 1 || count > mostHours) {
    throw bad(
      count < 1 ? 'The period ends before it begins' : 'The period is too long',
      'period',
      `${from} to ${to}`,
      '1 day to 10 years',
    )
  }
  return { startMs, stepMs: hourMs, count }
}

/** One megawatt-hour stands in one list once. */
function refuseTwins(named: readonly { readonly id: string }[]): void {
  const seen = new Set<string>()
  for (const { id } of named) {
    if (seen.has(id)) {
      throw carbonErrors.claimedTwice({
        detail: `${id} stands twice; each kilowatt-hour is claimed once`,
        place: { path: 'contracts' },
        found: id,
        expected: 'each id once',
      })
    }
    seen.add(id)
  }
}

async function readBattery(
  battery: MatchHoursInput['battery'],
  readWh: (source: SeriesSource) => Promise<Float64Array>,
): Promise<HourlyEnergy['battery']> {
  if (!battery) return undefined
  const { powerKw, capacityKwh, maxChargeKw, maxDischargeKw, initialKwh, initialCleanShare } = battery
  const spec = {
    chargeEfficiency: battery.chargeEfficiency,
    dischargeEfficiency: battery.dischargeEfficiency,
    initialWh: Math.round(initialKwh * 1000),
    initialCleanWh: Math.round(initialKwh * initialCleanShare * 1000),
  }
  if (powerKw !== undefined) return { ...spec, measuredWh: await readWh(powerKw) }
  if (capacityKwh === undefined || maxChargeKw === undefined || maxDischargeKw === undefined) {
    throw bad(
      'A battery that nobody measured says its sizes',
      'battery',
      Object.keys(battery).join(', '),
      'powerKw; or capacityKwh, maxChargeKw and maxDischargeKw',
    )
  }
  if (initialKwh > capacityKwh)
    throw bad('More is stored than it holds', 'battery.initialKwh', initialKwh, `at most ${capacityKwh}`)
  const [capacityWh, maxChargeWh, maxDischargeWh] = [capacityKwh, maxChargeKw, maxDischargeKw].map((kw) =>
    Math.round(kw * 1000),
  )
  return { ...spec, capacityWh: capacityWh!, maxChargeWh: maxChargeWh!, maxDischargeWh: maxDischargeWh! }
}

interface ReadFactor {
  readonly factor: Float64Array
  readonly factors: readonly Factor[]
  readonly warnings: readonly string[]
}

/** The factor of each hour: as given, or the average of the region and year, which a year of hours shares. */
async function readFactor(
  { gridFactor, region, period }: MatchHoursInput,
  read: (source: SeriesSource) => Promise<Float64Array>,
  count: number,
): Promise<ReadFactor> {
  if (gridFactor !== undefined) return { factor: await read(gridFactor), factors: [], warnings: [] }
  if (region === undefined) {
    throw bad('What a kilowatt-hour of the grid emits is not said', 'gridFactor', 'neither', 'gridFactor, or region')
  }
  const { factor, warnings } = findFactor(factorBookWith(), {
    ...{ kind: 'emission', subject: 'electricity', variant: 'average', gas: 'CO2', boundary: 'direct' },
    ...{ region, at: period.from, fallback: ['earlier-year', 'grid-region', 'country'] },
  })
  if (factor.unit !== 'kg/kWh')
    throw bad('The factor is in another unit', 'region', `${factor.id}: ${factor.unit}`, 'kg/kWh')
  const told = 'The factor of a year stands in every hour: emissions by hour have the shape of the load alone'
  return {
    factor: new Float64Array(count).fill(Number(factor.value)),
    factors: [factor],
    warnings: [...warnings, told],
  }
}

/** Marks hours in which something is missing, or refuses them. */
function leaveOut(
  loadWh: Float64Array,
  needed: readonly Float64Array[],
  grid: TimeGrid,
  site: Site,
  gaps: MatchHoursInput['gaps'],
): MatchHoursOutput['leftOut'] {
  let [hours, first] = [0, -1]
  for (let k = 0; k < grid.count; k += 1) {
    if (!Number.isNaN(loadWh[k]!) && needed.every((values) => !Number.isNaN(values[k]!))) continue
    loadWh[k] = Number.NaN
    hours += 1
    if (first < 0) first = k
  }
  const at = first < 0 ? null : formatIso(stepStartMs(grid, first), site.zone)
  if (hours === 0 || (gaps === 'leave-out' && hours < grid.count)) return { hours, first: at }
  throw bad(
    hours === grid.count
      ? 'Nothing is known of any hour'
      : `Something is missing in ${hours} of ${grid.count} hours, first at ${at}`,
    ...(['gaps', hours, 'every hour of every series, or gaps: leave-out'] as const),
  )
}

/** Mean of the hours that are in; of a constant it is that constant. */
function meanOf(values: Float64Array, isIn: (k: number) => boolean): number {
  const first = values.findIndex((_, k) => isIn(k))
  let [excess, count] = [0, 0]
  values.forEach((value, k) => {
    if (!isIn(k)) return
    excess += value - values[first]!
    count += 1
  })
  return values[first]! + excess / count
}

function hoursOf(
  grid: TimeGrid,
  loadWh: Float64Array,
  matchedWh: Float64Array,
  match: ReturnType<typeof matchHours>,
  importKg: Float64Array,
): NonNullable<MatchHoursOutput['hours']> {
  const list = (values: Float64Array, scale = 1000): (number | null)[] =>
    Array.from(values, (value, k) => (Number.isNaN(loadWh[k]!) ? null : value / scale))
  return {
    ...{ startMs: grid.startMs, stepMs: grid.stepMs, loadKwh: list(loadWh), matchedKwh: list(matchedWh) },
    ...{ onSiteKwh: list(match.onSiteWh), batteryKwh: list(match.batteryWh), contractsKwh: list(match.contractsWh) },
    unmatchedKwh: list(match.unmatchedWh),
    excessKwh: list(match.exportWh.map((value, k) => value + match.excessContractsWh[k]!)),
    importKg: list(importKg, 1),
  }
}
