import {
  formatProblem,
  inCurrency,
  MangroveError,
  type Problem,
  parseInstant,
  type Series,
  type SeriesRequest,
  type SeriesSource,
  type Site,
  systemClock,
  type Vocabulary,
} from '../kernel/index.ts'
import { checkWeather, weatherWords } from './check-weather.ts'
import type { CommandBody } from './command.ts'
import { decidedQuantities, type FoundQuantity, type FoundSeries, seriesIn } from './described-fields.ts'
import { exitCode } from './exit-code.ts'
import { formatNumber, table } from './layout.ts'
import { openData } from './open-data.ts'
import { withLines } from './site-lines.ts'

/** What one series of the site holds for the coming day. */
interface SeriesReport {
  readonly path: string
  readonly from: string
  readonly unit: string
  readonly steps: number
  readonly missing: number
  readonly minimum: number | null
  readonly mean: number | null
  readonly maximum: number | null
}

const stepMs = 900_000
const hourMs = 3_600_000

/** `mangrove check SITE`: what Mangrove understood of a site file, or everything that is wrong with it. */
export const checkCommand: CommandBody = {
  flags: [
    { flag: '--site', field: 'site', type: 'string', description: 'Path of the site file', required: true },
    {
      flag: '--at',
      field: 'at',
      type: 'string',
      description: 'Day to look for series in (default now)',
      required: false,
    },
  ],
  async run(values, json, { terminal, dataFolder }) {
    const { packs, data, close } = await openData(dataFolder)
    try {
      const site = await data.site(String(values.site))
      const startMs =
        values.at === undefined
          ? Math.floor(systemClock.now() / stepMs) * stepMs
          : parseInstant(String(values.at), site.zone)
      const weather = await checkWeather(site, data, values)
      const series = await readAll(site, packs, (request) => withLines(values, data.series(site, request)), startMs)
      const { reports } = series
      const problems = [...weather.problems, ...series.problems]
      const assets = site.assets.map((asset) => ({
        id: asset.id,
        kind: asset.kind,
        title: asset.title,
        quantities: decidedQuantities(kindSchema(packs, asset.kind), asset),
      }))
      if (json) {
        const { id, name, location, zone, currency } = site
        const facts = { site: id, name, location, zone, currency, weather: weather.report }
        terminal.out(JSON.stringify({ ...facts, assets, series: reports, problems }))
      } else {
        const sky = weather.problems.length > 0 ? 'cannot be read, see below' : weatherWords(weather.report)
        terminal.out(show(site, sky, assets, reports))
        for (const problem of problems) terminal.error(formatProblem(problem))
      }
      return problems.length > 0 ? exitCode.badInput : exitCode.ok
    } finally {
      await close()
    }
  },
}

const kindSchema = (packs: readonly Vocabulary[], kind: string) =>
  packs.flatMap((pack) => pack.assets).find((candidate) => candidate.kind === kind)?.schema ?? {}

function allSeries(site: Site, packs: readonly Vocabulary[]): readonly FoundSeries[] {
  const sections = packs
    .flatMap((pack) => pack.sections)
    .flatMap((section) => seriesIn(section.schema, site.sections[section.name], section.name))
  const assets = site.assets.flatMap((asset) => seriesIn(kindSchema(packs, asset.kind), asset, `assets.${asset.id}`))
  return [...assets, ...sections]
}

async function readAll(
  site: Site,
  packs: readonly Vocabulary[],
  read: (request: SeriesRequest) => Promise<Series>,
  startMs: number,
) {
  const grid = { startMs, stepMs, count: (24 * hourMs) / stepMs }
  const reports: SeriesReport[] = []
  const problems: Problem[] = []
  for (const { path, source, unit } of allSeries(site, packs)) {
    const wanted = inCurrency(unit, site.currency)
    try {
      const { values } = await read({ source, grid, unit: wanted, path })
      const known = values.filter((value) => !Number.isNaN(value))
      reports.push({
        path,
        from: sourceWords(source),
        unit: wanted,
        steps: values.length,
        missing: values.length - known.length,
        minimum: known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : null,
        mean: known.length > 0 ? known.reduce((a, b) => a + b) / known.length : null,
        maximum: known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : null,
      })
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      problems.push(...error.problems)
    }
  }
  return { reports, problems }
}

function sourceWords(source: SeriesSource): string {
  if (typeof source === 'number') return 'constant'
  if (Array.isArray(source)) return `daily profile of ${source.length}`
  if ('file' in source) return `${source.file}, ${source.column}`
  if ('observation' in source) return `observation ${source.observation}`
  return 'values'
}

interface AssetReport {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly quantities: readonly FoundQuantity[]
}

function show(site: Site, weather: string, assets: readonly AssetReport[], series: readonly SeriesReport[]): string {
  const { latitude, longitude, altitudeM } = site.location
  const place = `${Math.abs(latitude)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude)}° ${longitude < 0 ? 'W' : 'E'}, ${altitudeM} m`
  const digits = (value: number | null): string => formatNumber(value, value !== null && Math.abs(value) < 10 ? 3 : 0)
  // A milliwatt where a megawatt was meant must not look like nothing.
  const amount = (value: number): string =>
    value !== 0 && Math.abs(value) < 0.01 ? String(value) : formatNumber(value, Number.isInteger(value) ? 0 : 2)
  const quantities = (asset: AssetReport): string =>
    asset.quantities.map(({ path, value, unit }) => `${path} ${amount(value)} ${unit}`).join(', ')
  const unknown = Object.keys(site.sections).length === 0 ? 'none' : Object.keys(site.sections).join(', ')
  return [
    `${site.name} (${site.id})`,
    `  place     ${place}, ${site.zone}`,
    `  currency  ${site.currency}`,
    `  weather   ${weather}`,
    `  sections  ${unknown}`,
    '',
    `${assets.length} assets`,
    ...assets.map(
      (asset) =>
        `  ${asset.id} (${asset.kind}) ${asset.title}${asset.quantities.length > 0 ? `: ${quantities(asset)}` : ''}`,
    ),
    '',
    `${series.length} series, next 24 h in steps of 15 min`,
    ...(series.length === 0
      ? []
      : table(
          ['path', 'from', 'steps', 'missing', 'lowest', 'mean', 'highest', 'unit'],
          series.map((row) => [
            row.path,
            row.from,
            String(row.steps),
            String(row.missing),
            digits(row.minimum),
            digits(row.mean),
            digits(row.maximum),
            row.unit,
          ]),
        ).map((line) => `  ${line}`)),
  ].join('\n')
}
