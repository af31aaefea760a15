import { defineEngine, type EngineContext } from '../../../kernel/index.ts'
import { convert } from '../../quantity/index.ts'
import { type Asked, ask } from '../ask.ts'
import { type Cell, ratioOf } from '../judge/index.ts'
import { readingText, say, told, verifyList } from '../reasons.ts'
import type { VerdictReason } from '../schema.ts'
import { type AskFront, type MachineFront, machineFront } from './machine-front.ts'
import { machineOptions } from './machine-options.ts'
import { emissionsPerKg, measureOptions } from './measure-options.ts'
import { type PathInput, PathInputSchema, type PathOutput, PathOutputSchema } from './schema.ts'
import { type Walked, walkPath } from './walk-path.ts'

/** Finds the cheapest way for a park to pass a scheme. */
export const parkPathEngine = defineEngine({
  id: 'carbon.park-path',
  title: 'Find the cheapest path to a zero-carbon park',
  description:
    'Ranks what a park could do by the cost of a tonne of its gap: machines of its site, sized by energy.size under tighter and tighter caps, power bought green, and measures of the figures. Tells tonnes, money and indicator after each step, which step meets the limit, and where none does.',
  version: '0.1.0',
  input: PathInputSchema,
  output: PathOutputSchema,
  long: true,
  positional: 'site',
  run: (input, context) => parkPath(input, context),
})

/** @param askFront what tells sizes of machines; tests give a stand-in */
export async function parkPath(
  { method, steps, ...question }: PathInput,
  context: EngineContext,
  askFront: AskFront = machineFront,
): Promise<PathOutput> {
  context.progress(0.02, 'reading the figures')
  const asked = await ask(question, context)
  const cell = worstOf(asked)
  if (cell?.passes !== false) return publish(asked, cell)
  const gridFactorKgPerKwh = gridFactor(asked, cell)
  const front =
    method === 'none' || asked.site.sections.investment === undefined
      ? undefined
      : await askFront(
          {
            ...{ site: question.site, year: asked.figures.year, changes: question.changes, method, steps },
            ...(gridFactorKgPerKwh === null ? {} : { gridFactorKgPerKwh }),
          },
          context,
        )
  const { file } = asked.scheme
  const measures = measureOptions(asked.figures.measures ?? [], {
    ...{ scheme: file, gridFactorKgPerKwh, greenCounts: cell.greenPower === 'counted', placeOf: asked.placeOf },
  })
  const machines = front ? machineOptions(front, emissionsPerKg(file)) : []
  const walked = walkPath([...machines, ...measures.options], {
    ...{ emissions: cell.emissions!.toNumber(), energy: cell.energy!.toNumber(), limit: cell.band!.limit.toNumber() },
    ...{ powerEmissions: powerEmissions(asked, cell), bands: asked.scheme.bands },
  })
  const reasons = [
    ...measures.reasons,
    ...(front ? machineReasons(front, asked, cell) : noMachineReasons(method)),
    ...walked.useless.map(({ title, id }) =>
      say(
        'path.no-help',
        `${title} does not bring the limit nearer: it lowers the energy use by more than its emissions.`,
        { measure: id },
      ),
    ),
  ]
  return publish(asked, cell, { walked, reasons, gridFactorKgPerKwh, synthetic: front?.synthetic ?? false })
}

/** The reading that counts with the largest gap; one that cannot be told goes before all. */
function worstOf({ deciding }: Asked): Cell | undefined {
  const unknown = deciding.find(({ passes }) => passes === null)
  return unknown ?? deciding.toSorted((a, b) => b.gap!.emissions.comparedTo(a.gap!.emissions))[0]
}

/** What a kWh of purchased power emits under a reading, by the largest row that names its factor. */
function gridFactor({ emissions }: Asked, { greenPower }: Cell): number | null {
  const rows = emissions.rows
    .filter(({ part, factors }) => part === 'electricity' && factors.length > 0)
    .toSorted((a, b) => (b.terms[greenPower]?.value.toNumber() ?? 0) - (a.terms[greenPower]?.value.toNumber() ?? 0))
  const factors = rows[0]?.factors ?? []
  // The factor of all of it comes first, that of the rest last.
  const factor = greenPower === 'counted' ? factors.at(-1) : factors[0]
  return factor ? convert(factor.quantity, 'kg/kWh').amount.toNumber() : null
}

/** Emissions that steps of power can lower: of purchased power, and of fuel that machines of the site burn. */
function powerEmissions({ emissions }: Asked, { greenPower }: Cell): number {
  return emissions.rows
    .filter(({ part }) => part === 'electricity' || part === 'total')
    .reduce((sum, { terms }) => sum + (terms[greenPower]?.value.toNumber() ?? 0), 0)
}

/** Part of the figures by which the model of a site may differ from them unsaid. */
const modelTolerance = 0.2

function machineReasons({ today }: MachineFront, asked: Asked, cell: Cell): readonly VerdictReason[] {
  const modelled = today.emissionsKg * emissionsPerKg(asked.scheme.file)
  const figured = powerEmissions(asked, cell)
  const { emissionsUnit } = asked.scheme.file.indicator
  const differs = Math.abs(modelled - figured) > modelTolerance * Math.max(modelled, figured)
  return [
    say(
      'path.energy-held',
      'Machines are taken to leave the energy use of the park as it is: what is made on site is used instead of what is bought.',
    ),
    ...(differs
      ? [
          say(
            'path.site-differs',
            `The model of the site emits ${told(modelled)} ${emissionsUnit} a year, the figures tell ${told(figured)} of purchased power: what machines save is of the model.`,
            {
              modelled,
              figured,
            },
          ),
        ]
      : []),
  ]
}

const noMachineReasons = (method: PathInput['method']): readonly VerdictReason[] => [
  method === 'none'
    ? say('path.no-machines', 'Machines were not looked at, as was asked.')
    : say(
        'path.no-investment',
        'Machines were not looked at: the site has no section investment that says what could be built.',
      ),
]

interface Found {
  readonly walked: Walked
  readonly reasons: readonly VerdictReason[]
  readonly gridFactorKgPerKwh: number | null
  readonly synthetic: boolean
}

function publish(asked: Asked, cell: Cell | undefined, found?: Found): PathOutput {
  const { site, figures, scheme } = asked
  const { emissionsUnit, energyUnit } = scheme.file.indicator
  const number = (value: { toNumber(): number } | null | undefined): number | null => value?.toNumber() ?? null
  const walked = found?.walked
  const status = walked ? (walked.needed ? 'path' : 'no-path') : cell?.passes === true ? 'no-need' : 'not-known'
  return {
    ...{
      site: site.id,
      year: figures.year,
      scheme: scheme.file.id,
      currency: site.currency,
      status,
      emissionsUnit,
      energyUnit,
    },
    reading: cell ? { greenPower: cell.greenPower, coal: cell.coal } : null,
    start: {
      ...{ emissions: number(cell?.emissions), energy: number(cell?.energy), indicator: number(cell && ratioOf(cell)) },
      ...{ limit: number(cell?.band?.limit), gap: number(cell?.gap?.emissions) },
    },
    steps: walked?.steps.map((step) => ({ ...step })) ?? [],
    needed: walked?.needed ?? null,
    left: walked ? finite(walked.left) : null,
    gridFactorKgPerKwh: found?.gridFactorKgPerKwh ?? null,
    synthetic: found?.synthetic ?? false,
    reasons: [...statusReasons(asked, cell, status, walked), ...(found?.reasons ?? []), ...verifyReason(asked)],
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

function statusReasons(
  asked: Asked,
  cell: Cell | undefined,
  status: PathOutput['status'],
  walked: Walked | undefined,
): readonly VerdictReason[] {
  if (!cell) return []
  const reading = readingText(cell, asked)
  const { emissionsUnit } = asked.scheme.file.indicator
  const { currency } = asked.site
  if (status === 'no-need') return [say('path.no-need', `The park is within the limit already (${reading}).`)]
  if (status === 'not-known') {
    const why =
      cell.missing.length > 0 ? `missing: ${cell.missing.join(', ')}` : 'the energy use lies outside of the scheme'
    return [say('path.not-known', `The gap cannot be told (${reading}): ${why}.`)]
  }
  const needed = walked?.needed
  if (!needed) {
    return [
      say(
        'path.no-path',
        `All that is known to be possible leaves the park above the limit${walked && Number.isFinite(walked.left) ? ` by ${told(walked.left)} ${emissionsUnit}` : ''} (${reading}).`,
        walked && Number.isFinite(walked.left) ? { left: walked.left } : {},
      ),
    ]
  }
  const cost = needed.costPerYear
  return [
    say(
      'path.found',
      `${told(needed.saved)} ${emissionsUnit} a year less meet the limit; that ${cost < 0 ? 'earns' : 'costs'} ${told(Math.round(Math.abs(cost)))} ${currency} a year, with ${told(Math.round(needed.capex))} ${currency} to begin with (${reading}).`,
      { saved: needed.saved, costPerYear: cost, capex: needed.capex },
    ),
  ]
}

function verifyReason(asked: Asked): readonly VerdictReason[] {
  const count = verifyList(asked).length
  return count === 0
    ? []
    : [
        say(
          'verdict.verify',
          `The path rests on ${count} rules and factors that have to be held against their documents.`,
          { count },
        ),
      ]
}
