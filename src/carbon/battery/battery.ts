import { defineEngine, type EngineContext } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { say, told } from '../verdict/reasons.ts'
import type { VerdictReason } from '../verdict/schema.ts'
import { type BatteryFlows, type FollowedBattery, followBattery, kgText } from './follow-battery.ts'
import {
  type BatteryCarbonInput,
  BatteryCarbonInputSchema,
  type BatteryCarbonOutput,
  BatteryCarbonOutputSchema,
  type FactorKind,
  type StatedFlows,
} from './schema.ts'
import { type SiteFlows, siteFlows } from './site-flows.ts'
import { carbonDecimals } from './store-carbon.ts'
import { withoutBattery } from './without-battery.ts'

/** Tells what carbon a battery holds and gives. */
export const batteryCarbonEngine = defineEngine({
  id: 'carbon.battery',
  title: 'Follow the carbon through a battery',
  description:
    'Gives every kWh that a battery discharges the carbon it was charged with, hour by hour, by a stated rule (mixed, first in first out, cleanest first); losses keep their carbon. Tells what the battery saved or added against no battery, by average and by marginal factors apart. What went in is what came out and what is stored, to the last digit.',
  version: '0.1.0',
  input: BatteryCarbonInputSchema,
  output: BatteryCarbonOutputSchema,
  long: true,
  positional: 'site',
  run: batteryCarbon,
})

/** A kind of factors of the grid, spread over the steps. */
interface GridFactor {
  readonly kind: FactorKind
  readonly kgPerKwh: readonly number[]
  readonly source: string
  readonly verify?: string
}

async function batteryCarbon(input: BatteryCarbonInput, context: EngineContext): Promise<BatteryCarbonOutput> {
  if ((input.flows === undefined) === (input.site === undefined)) {
    throw carbonErrors.badFlows({
      detail: 'A battery is told by its flows, or by a site whose plan has them',
      found: input.flows === undefined ? 'neither' : 'both',
      expected: 'flows, or site',
    })
  }
  context.progress(0.05, 'reading the flows')
  const bySite = input.site === undefined ? undefined : await siteFlows({ ...input, site: input.site }, context)
  const flows = input.flows ?? bySite!.flows
  checkLengths(flows)
  const factors = gridFactors(input, flows, bySite)
  context.progress(0.6, 'following the carbon')
  const books = factors.map((factor) => followBook(flows, factor, input))
  const [first] = books
  return {
    ...{ site: bySite?.site ?? null, battery: bySite?.battery ?? null, rule: input.rule },
    ...{ stepHours: flows.stepHours, stepCount: flows.dischargeKwh.length },
    ...energiesOf(first!.followed),
    books: books.map(({ book }) => book),
    embodied: embodiedOf(input, first!.followed.dischargedKwh),
    reasons: [...reasonsOf(input, flows, factors, books)],
  }
}

const energiesOf = (followed: FollowedBattery) => ({
  ...{ chargedKwh: followed.chargedKwh, dischargedKwh: followed.dischargedKwh, lostKwh: followed.lostKwh },
  ...{ storedKwh: followed.storedKwh, unmatchedKwh: followed.unmatchedKwh },
  storedKwhByStep: [...followed.storedKwhByStep],
})

function followBook(
  flows: StatedFlows,
  factor: GridFactor,
  { rule, initialKgPerKwh, toleranceKwh }: BatteryCarbonInput,
) {
  const spread = flowsBy(flows, factor.kgPerKwh, {
    initialKgPerKwh: initialKgPerKwh ?? factor.kgPerKwh[0]!,
    toleranceKwh,
  })
  const followed = followBattery(spread, rule)
  const { initialKg, inKg, outKg, storedKg, chargedKwh, dischargedKwh } = followed
  return {
    followed,
    book: {
      ...{ kind: factor.kind, source: factor.source },
      ...(factor.verify === undefined ? {} : { verify: factor.verify }),
      ...{ initialKg, inKg, outKg, storedKg },
      dischargeKgPerKwh: dischargedKwh > 0 ? Number(outKg) / dischargedKwh : null,
      chargeKgPerKwh: chargedKwh > 0 ? Number(inKg) / chargedKwh : null,
      comparison: {
        ...withoutBattery(spread, factor.kgPerKwh, factor.kind),
        storedChangeKg: kgText(digitsOf(storedKg) - digitsOf(initialKg)),
      },
      steps: {
        chargeKgPerKwh: [...followed.chargeKgPerKwh],
        dischargeKgPerKwh: [...followed.dischargeKgPerKwh],
      },
    },
  }
}

/** Stated flows with every intensity spread over the steps. */
function flowsBy(
  { sources, ...flows }: StatedFlows,
  grid: readonly number[],
  more: Pick<BatteryFlows, 'initialKgPerKwh' | 'toleranceKwh'>,
): BatteryFlows {
  return {
    ...flows,
    ...more,
    sources: sources.map((source) => ({
      ...source,
      kgPerKwh: source.kgPerKwh === 'grid' ? grid : spreadOver(source.kgPerKwh, grid.length),
    })),
  }
}

const spreadOver = (value: number | readonly number[], count: number): readonly number[] =>
  typeof value === 'number' ? Array.from({ length: count }, () => value) : value

const digitsOf = (kg: string): bigint => {
  const [whole = '0', fraction = ''] = kg.split('.')
  return BigInt(whole + fraction.padEnd(carbonDecimals, '0'))
}

function gridFactors(
  input: BatteryCarbonInput,
  flows: StatedFlows,
  bySite: SiteFlows | undefined,
): readonly GridFactor[] {
  const count = flows.dischargeKwh.length
  const stated = (['average', 'marginal'] as const).flatMap((kind): GridFactor[] => {
    const factor = input[kind]
    if (!factor) return []
    if (typeof factor.kgPerKwh !== 'number') checkLength(`${kind}.kgPerKwh`, factor.kgPerKwh.length, count)
    const { source, verify } = factor
    const kgPerKwh = spreadOver(factor.kgPerKwh, count)
    return [{ kind, kgPerKwh, source, ...(verify === undefined ? {} : { verify }) }]
  })
  const own = bySite?.gridKgPerKwh
  if (own && !stated.some(({ kind }) => kind === 'average')) {
    stated.unshift({ kind: 'average', kgPerKwh: own, source: 'tariff.carbonIntensity of the site' })
  }
  if (stated.length > 0) return stated
  throw carbonErrors.badFlows({
    detail: 'Nobody says what a kWh of the grid emits',
    place: { path: 'average' },
    found: 'no factor',
    expected: 'average, marginal, or both; an island names what stands in for the grid, such as its gensets',
  })
}

function checkLengths({ sources, dischargeKwh }: StatedFlows): void {
  sources.forEach(({ chargeKwh, kgPerKwh }, k) => {
    checkLength(`flows.sources.${k}.chargeKwh`, chargeKwh.length, dischargeKwh.length)
    if (Array.isArray(kgPerKwh)) checkLength(`flows.sources.${k}.kgPerKwh`, kgPerKwh.length, dischargeKwh.length)
  })
}

function checkLength(path: string, found: number, expected: number): void {
  if (found === expected) return
  throw carbonErrors.badFlows({
    detail: 'Two rows of steps are not equally long',
    ...{ place: { path }, found: `${found} steps`, expected: `${expected} steps, as dischargeKwh has` },
  })
}

function embodiedOf({ embodied }: BatteryCarbonInput, dischargedKwh: number): BatteryCarbonOutput['embodied'] {
  if (!embodied) return null
  const perKwh = (embodied.kgCo2ePerKwh * embodied.capacityKwh) / embodied.lifetimeThroughputKwh
  return { kgCo2ePerDischargedKwh: perKwh, kgCo2e: perKwh * dischargedKwh, source: embodied.source }
}

function reasonsOf(
  input: BatteryCarbonInput,
  flows: StatedFlows,
  factors: readonly GridFactor[],
  books: readonly ReturnType<typeof followBook>[],
): readonly VerdictReason[] {
  const { storedKwh } = books[0]!.followed
  return [
    ...books.map(({ book: { kind, comparison } }) => {
      const saved = Number(comparison.savedKg)
      return say(
        saved < 0 ? 'battery.added' : 'battery.saved',
        `By ${kind} factors the battery ${saved < 0 ? 'added' : 'saved'} ${told(Math.abs(saved))} kg against the same hours without it.`,
        { kind, savedKg: saved },
      )
    }),
    ...(storedKwh < flows.initialKwh
      ? [
          say(
            'battery.store-drawn',
            `The store holds ${told(flows.initialKwh - storedKwh)} kWh less than at the begin: what is saved so has to be charged again later.`,
            { kwh: flows.initialKwh - storedKwh },
          ),
        ]
      : []),
    ...(storedKwh > flows.initialKwh
      ? [
          say(
            'battery.store-filled',
            `The store holds ${told(storedKwh - flows.initialKwh)} kWh more than at the begin: what that will spare is not counted yet.`,
            { kwh: storedKwh - flows.initialKwh },
          ),
        ]
      : []),
    ...(flows.initialKwh > 0 && input.initialKgPerKwh === undefined
      ? [
          say(
            'battery.initial-assumed',
            `Nobody says what the ${told(flows.initialKwh)} kWh in store at the begin came with: they are taken to come from the grid of the first step.`,
            { initialKwh: flows.initialKwh },
          ),
        ]
      : []),
    ...(factors.length === 1
      ? [
          say(
            'battery.one-kind',
            factors[0]!.kind === 'average'
              ? 'Average factors tell what an inventory sees. What the battery changes in the grid needs marginal ones, which were not told.'
              : 'Marginal factors tell what the battery changes in the grid. An inventory needs average ones, which were not told.',
          ),
        ]
      : []),
    ...factors.flatMap(({ kind, verify }) =>
      verify === undefined ? [] : [say('battery.verify', `The ${kind} factor is to be verified: ${verify}`, { kind })],
    ),
    ...(input.embodied
      ? [
          say(
            'battery.embodied',
            'Carbon of making the battery is told beside that of its operation, and not added to it.',
          ),
        ]
      : []),
  ]
}
