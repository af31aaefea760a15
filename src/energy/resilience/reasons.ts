import type { Reason, ResilienceInput } from '../schema/index.ts'
import type { Backup } from './read-backup.ts'
import type { OutageSummary } from './summary.ts'

const percent = (share: number): number => Math.round(1000 * share) / 10

/** What came out, and what it rests on. */
export function outageReasons(
  backup: Backup,
  summary: OutageSummary,
  input: ResilienceInput,
  {
    worstStart,
    missing,
    synthetic,
  }: { readonly worstStart: string; readonly missing: number; readonly synthetic: boolean },
): readonly Reason[] {
  const { outageHours, confidence } = input
  const mean = percent(summary.mean[outageHours - 1]!)
  const least = percent(summary.least[outageHours - 1]!)
  const autonomyHours = Math.round(10 * summary.meanAutonomyHours) / 10
  return [
    {
      code: 'resilience.survival',
      text: `An outage of ${outageHours} h is survived with ${mean} % on average, and with ${least} % when it begins at ${worstStart}.`,
      values: { hours: outageHours, mean, least, start: worstStart },
    },
    {
      code: 'resilience.autonomy',
      text: `With ${percent(confidence)} % confidence the site carries its critical load for ${autonomyHours} h on average, ${summary.leastAutonomyHours} h at worst.`,
      values: { confidence: percent(confidence), hours: autonomyHours, leastHours: summary.leastAutonomyHours },
    },
    ...backupReasons(backup, input),
    ...assumptions(backup, { missing, synthetic }),
  ]
}

function backupReasons(backup: Backup, { productionAlone, outageHours }: ResilienceInput): Reason[] {
  const { gensets, battery, productionKw, criticalKw, batteries } = backup
  const reasons: Reason[] = []
  const hasProduction = productionKw.some((value) => value > 0)
  if (gensets.length === 0 && !battery && !(productionAlone && hasProduction)) {
    reasons.push({
      code: 'resilience.no-backup',
      text: 'The site has no generating set and no battery: nothing holds its grid in an outage.',
      values: {},
    })
  }
  if (hasProduction && !battery && !productionAlone) {
    reasons.push({
      code: 'resilience.production-off',
      text: 'There is no battery to balance PV, wind and hydro: they are taken to be off in an outage.',
      values: {},
    })
  }
  const powerKw = gensets.reduce((sum, { asset }) => sum + asset.ratedKw, battery?.dischargeKw ?? 0)
  const runs = battery !== undefined || productionAlone
  const shortHours = criticalKw.reduce(
    (count, value, hour) => count + Number(value - (runs ? productionKw[hour]! : 0) > powerKw),
    0,
  )
  if (shortHours > 0) {
    const share = percent(shortHours / criticalKw.length)
    reasons.push({
      code: 'resilience.power-short',
      text: `In ${share} % of all hours the critical load is more than sets, batteries and production give at once: no outage can be survived then. Sets and batteries give ${Math.round(powerKw)} kW.`,
      values: { percent: share, powerKw },
    })
  }
  if (batteries.length > 1) {
    reasons.push({
      code: 'resilience.batteries-as-one',
      text: `${batteries.length} batteries are taken as one that shares energy and power freely.`,
      values: { count: batteries.length },
    })
  }
  for (const { asset } of gensets) {
    const { unit, perKwh, perHourRunning } = asset.fuel
    const amount = Math.round(outageHours * (perHourRunning + perKwh * asset.ratedKw))
    reasons.push({
      asset: asset.id,
      code: 'resilience.fuel',
      text: `${asset.title} is taken never to run out of fuel: ${outageHours} h at full load need ${amount} ${unit}.`,
      values: { hours: outageHours, amount, unit },
    })
  }
  return reasons
}

function assumptions(
  { loads, socStated, leftOut }: Backup,
  { missing, synthetic }: { readonly missing: number; readonly synthetic: boolean },
): Reason[] {
  const names = (assets: readonly { readonly title: string }[]): string => assets.map(({ title }) => title).join(', ')
  return [
    ...(loads.every(({ share }) => share === 1)
      ? [
          {
            code: 'resilience.all-critical',
            text: 'All loads count as critical. Say with criticalShare or critical what may be left off.',
            values: {},
          },
        ]
      : []),
    ...(leftOut.length > 0
      ? [
          {
            code: 'resilience.left-out',
            text: `Not critical and taken to be off: ${names(leftOut)}.`,
            values: { assets: names(leftOut) },
          },
        ]
      : []),
    ...socStated.map((asset) => ({
      asset: asset.id,
      code: 'resilience.soc-stated',
      text: `${asset.title} is taken to hold its initialSoc whenever an outage begins; a plan’s state of charge says more.`,
      values: {},
    })),
    ...(missing > 0
      ? [
          {
            code: 'resilience.soc-missing',
            text: `In ${missing} hours the state of charge is not known: no outage was let begin there.`,
            values: { hours: missing },
          },
        ]
      : []),
    ...(synthetic
      ? [
          {
            code: 'resilience.synthetic-weather',
            text: 'The weather is made up from monthly normals: spells of bad weather may be shorter than real ones.',
            values: {},
          },
        ]
      : []),
  ]
}
