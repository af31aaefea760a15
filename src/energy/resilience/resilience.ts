import {
  defineEngine,
  type EngineContext,
  formatIso,
  offsetMsAt,
  parseInstant,
  type Site,
  stepStartMs,
  type TimeGrid,
} from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import { pauseFor } from '../forecast/pause.ts'
import { createFrame } from '../plan-frame.ts'
import {
  type ResilienceInput,
  ResilienceInputSchema,
  type ResilienceOutput,
  ResilienceOutputSchema,
} from '../schema/index.ts'
import { walkOutages } from './outage-year.ts'
import { type Backup, readBackup } from './read-backup.ts'
import { outageReasons } from './reasons.ts'
import { summarise } from './summary.ts'

/** How long a site carries its critical load without the grid, and how surely. */
export const resilienceEngine = defineEngine({
  id: 'energy.resilience',
  title: 'Survive an outage',
  description:
    'Probability that generating sets, batteries, PV, wind and hydro carry the critical load through an outage of any length that begins in any hour, with sets that may not start or fail while they run; the energy that is expected to go unserved; and the hours of autonomy.',
  version: '0.1.0',
  input: ResilienceInputSchema,
  output: ResilienceOutputSchema,
  long: true,
  positional: 'site',
  run: resilience,
})

async function resilience(input: ResilienceInput, context: EngineContext): Promise<ResilienceOutput> {
  context.progress(0.02, 'reading the site')
  const site = await context.data.site(input.site, input.changes)
  const grid = outageGrid(input, site, context.clock.now())
  const frame = await createFrame(islandOf(site), grid, context.data)
  const backup = await readBackup(frame, input, context.data)
  const missing = backup.storedKwh.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
  refuseUnknown(backup, missing)
  const pause = pauseFor(context.signal)
  const outages = await walkOutages({ ...input, ...backup }, async (share) => {
    context.progress(0.1 + 0.88 * share, 'walking outages')
    await pause()
  })
  const summary = summarise(outages, { grid, zone: site.zone, confidence: input.confidence })
  const worstStart = formatIso(stepStartMs(grid, summary.worstHour), site.zone)
  const synthetic = frame.weather?.synthetic ?? false
  return {
    site: site.id,
    start: formatIso(grid.startMs, site.zone),
    startMs: grid.startMs,
    zone: site.zone,
    starts: outages.starts.length,
    outageHours: input.outageHours,
    ...describeBackup(backup),
    survival: { mean: summary.mean, least: summary.least },
    worstStart: { start: worstStart, survival: summary.least[input.outageHours - 1]! },
    byMonth: summary.byMonth,
    byHour: summary.byHour,
    byMonthAndHour: summary.byMonthAndHour,
    autonomy: {
      confidence: input.confidence,
      meanHours: summary.meanAutonomyHours,
      leastHours: summary.leastAutonomyHours,
      longEnough: summary.longEnough,
    },
    unserved: {
      meanKwh: summary.meanUnservedKwh,
      mostKwh: summary.mostUnservedKwh,
      share: shareUnserved(summary.meanUnservedKwh, outages.starts, backup, input.outageHours),
    },
    synthetic,
    reasons: [...outageReasons(backup, summary, input, { worstStart, missing, synthetic })],
  }
}

/** In an outage the site is an island: its connection and what that would cost are not looked at. */
const islandOf = (site: Site): Site => ({ ...site, assets: site.assets.filter(({ kind }) => kind !== 'grid') })

const hourMs = 3_600_000

function outageGrid({ at, hours }: ResilienceInput, site: Site, nowMs: number): TimeGrid {
  const offHourMs = (timestampMs: number): number => (timestampMs + offsetMsAt(timestampMs, site.zone)) % hourMs
  const startMs = at === undefined ? nowMs - offHourMs(nowMs) : parseInstant(at, site.zone)
  if (offHourMs(startMs) !== 0) {
    throw energyErrors.badOutage({
      detail: 'Outages begin on the hour',
      place: { path: 'at' },
      found: at,
      expected: 'a full hour of local time',
    })
  }
  return { startMs, stepMs: hourMs, count: hours }
}

function refuseUnknown({ storedKwh }: Backup, missing: number): void {
  if (missing < storedKwh.length) return
  throw energyErrors.badOutage({
    detail: 'The state of charge is not known in any of the hours',
    place: { path: 'soc' },
    found: `${missing} hours without a value`,
    expected: 'a state of charge in the hours from `at` on, such as those of a plan',
  })
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

function describeBackup(backup: Backup): Pick<ResilienceOutput, 'critical' | 'backup'> {
  const { criticalKw, loads, gensets, battery, productionKw } = backup
  return {
    critical: {
      meanKw: meanOf(criticalKw),
      peakKw: criticalKw.reduce((most, value) => Math.max(most, value), 0),
      loads: loads.map(({ asset, share }) => ({ id: asset.id, title: asset.title, share })),
    },
    backup: {
      gensets: gensets.map(({ asset, reliance }) => ({
        id: asset.id,
        title: asset.title,
        powerKw: asset.ratedKw,
        ...reliance,
      })),
      battery: battery
        ? { usableKwh: battery.usableKwh, chargeKw: battery.chargeKw, dischargeKw: battery.dischargeKw }
        : null,
      productionMeanKw: meanOf(productionKw),
    },
  }
}

/** Part of the critical energy of the same outages that goes unserved. */
function shareUnserved(
  meanKwh: number,
  starts: Int32Array,
  { criticalKw }: Backup,
  outageHours: number,
): number | null {
  let critical = 0
  for (const start of starts) {
    for (let hour = 0; hour < outageHours; hour += 1) critical += criticalKw[(start + hour) % criticalKw.length]!
  }
  const meanCritical = critical / starts.length
  return meanCritical > 0 ? meanKwh / meanCritical : null
}
