import { defineEngine, type EngineContext } from '../../kernel/index.ts'
import { totalQuality } from '../quantity/index.ts'
import { type Asked, ask } from './ask.ts'
import type { CountedRow, Term, UsedFactor } from './count/index.ts'
import { type Cell, type PassChance, passChance, ratioOf, sumTerms, unknownSources } from './judge/index.ts'
import { verdictReasons, verifyList } from './reasons.ts'
import {
  type PublishedReading,
  type VerdictInput,
  VerdictInputSchema,
  type VerdictOutput,
  VerdictOutputSchema,
} from './schema.ts'
import { type Band, coalMethods, greenChoices } from './schemes/index.ts'

/** Says whether a park passes a scheme, under every reading that the rules leave open. */
export const parkVerdictEngine = defineEngine({
  id: 'carbon.park-verdict',
  title: 'Judge whether a park is a zero-carbon park',
  description:
    'Holds the figures of a calendar year against a scheme for zero-carbon parks: CO2 per tonne of coal equivalent with its bands and the guiding indicators of the Chinese national scheme (NDRC 2025 No. 910), or a scheme of one’s own. Every reading that the rules leave open stands side by side, with gap, chance to pass, pedigree of every factor, and what is missing. Passes, fails, or not decided.',
  version: '0.1.0',
  input: VerdictInputSchema,
  output: VerdictOutputSchema,
  positional: 'site',
  run: parkVerdict,
})

async function parkVerdict({ draws, ...question }: VerdictInput, context: EngineContext): Promise<VerdictOutput> {
  context.progress(0.1, 'reading the figures')
  const asked = await ask(question, context)
  context.progress(0.5, 'drawing the chance to pass')
  const chances = new Map(asked.cells.map((cell) => [cell, chanceOf(cell, asked, context, draws)]))
  return publish(asked, chances)
}

/** The chance of a cell; `null` where a quantity or an error is not known. */
export function chanceOf(
  cell: Cell,
  { scheme }: Asked,
  context: Pick<EngineContext, 'random'>,
  draws: number,
): PassChance | null {
  const { emissionTerms, energyTerms, emissions, energy } = cell
  if (emissions === null || energy === null || !energy.gt(0)) return null
  if (unknownSources([...emissionTerms, ...energyTerms]).length > 0) return null
  return passChance(emissionTerms, energyTerms, scheme.bands, context.random, draws)
}

/** What all readings that count agree on. */
export function decide({ deciding, guiding, yearIsOver, inForce }: Asked): VerdictOutput['verdict'] {
  const vetoes = guiding.filter(({ rule }) => rule.kind === 'veto')
  const results = [
    ...deciding.map(({ passes }) => passes),
    ...vetoes.map(({ result }) => (result === 'not-known' ? null : result !== 'misses')),
  ]
  if (!yearIsOver || !inForce || deciding.length === 0) return 'not-decided'
  // One veto that is missed is enough; all have to be known to pass.
  if (deciding.every(({ passes }) => passes === false)) return 'fails'
  if (vetoes.some(({ result }) => result === 'misses') && deciding.every(({ band }) => band !== null)) return 'fails'
  return results.every((passes) => passes === true) ? 'passes' : 'not-decided'
}

type Chances = ReadonlyMap<Cell, PassChance | null>

function publish(asked: Asked, chances: Chances): VerdictOutput {
  const { site, figures, scheme, emissions, energy, cells, guiding, deciding } = asked
  const { file, sha256 } = scheme
  const { document, indicator, gas } = file
  const verdict = decide(asked)
  const bunkers = emissions.rows
    .filter(({ bunker }) => bunker)
    .flatMap(({ terms }) => terms['not-counted'] ?? terms.counted ?? [])
  const vetoes = guiding.filter(({ rule, result }) => rule.kind === 'veto' && result === 'not-known')
  return {
    ...{ site: site.id, name: site.name, zone: site.zone, organisation: figures.organisation, year: figures.year },
    scheme: {
      ...{ id: file.id, version: file.version, sha256, title: file.title },
      document: [document.publisher, document.number ?? document.title, String(document.year)].join(', '),
      ...(file.verify === undefined ? {} : { verify: file.verify }),
    },
    verdict,
    indicator: {
      ...{ id: indicator.id, title: indicator.title },
      ...{ emissionsUnit: indicator.emissionsUnit, energyUnit: indicator.energyUnit, gas },
    },
    readings: cells.map((cell) => publishReading(cell, chances.get(cell) ?? null, deciding.includes(cell))),
    emissions: emissions.rows.map((row) => ({
      ...publishRow(row),
      ...{ part: row.part, bunker: row.bunker },
      ...{ counted: amountOf(row, greenChoices[0]), notCounted: amountOf(row, greenChoices[1]) },
    })),
    none: [...emissions.none],
    energy: energy.map((row) => ({
      ...publishRow(row),
      ...{ calorific: amountOf(row, coalMethods[0]), equivalent: amountOf(row, coalMethods[1]) },
    })),
    bunkers: sumTerms(bunkers).toFixed(),
    guiding: guiding.map(({ rule, result, value }) => ({
      ...{
        id: rule.id,
        title: rule.title,
        kind: rule.kind,
        unit: rule.unit,
        relation: rule.relation,
        limit: rule.limit,
      },
      ...{ value: value?.toSignificantDigits(12).toFixed() ?? null, result },
    })),
    missing: [...new Set([...deciding.flatMap(({ missing }) => missing), ...vetoes.map(({ rule }) => rule.title)])],
    verify: [...verifyList(asked)],
    reasons: [
      ...verdictReasons(
        asked,
        verdict,
        new Map([...chances].map(([cell, chance]) => [cell, chance?.analytic ?? null])),
      ),
    ],
  }
}

function publishReading(cell: Cell, chance: PassChance | null, asked: boolean): PublishedReading {
  const { greenPower, coal, emissions, energy, band, passes, gap, missing } = cell
  return {
    ...{ greenPower, coal, asked, passes, missing: [...missing] },
    emissions: emissions?.toFixed() ?? null,
    energy: energy?.toFixed() ?? null,
    indicator: ratioOf(cell)?.toFixed() ?? null,
    limit: band?.limit.toFixed() ?? null,
    band: band ? bandText(band) : null,
    gap: gap && {
      emissions: gap.emissions.toFixed(),
      energy: gap.energy.isFinite() ? gap.energy.toSignificantDigits(12).toFixed() : null,
    },
    chance: chance && {
      ...chance,
      interval: { low: chance.interval[0], median: chance.interval[1], high: chance.interval[2] },
    },
    quality: { emissions: qualityOf(cell.emissionTerms), energy: qualityOf(cell.energyTerms) },
  }
}

const bandText = ({ from, below }: Band): string => `[${from.toFixed()}, ${below?.toFixed() ?? '∞'}[`

const qualityOf = (terms: readonly Term[]) =>
  totalQuality(
    terms.map(({ value, score }) => ({ value: value.toNumber(), ...(score === undefined ? {} : { score }) })),
  )

const amountOf = <Choice extends string>(row: CountedRow<Choice>, choice: Choice): string | null =>
  row.terms[choice]?.value.toFixed() ?? null

const publishRow = ({ id, title, stated, factors }: CountedRow<string>) => ({
  id,
  title,
  stated,
  factors: factors.map(pedigreeOf),
})

function pedigreeOf({ factor, value, unit, basis, variant, document, table, validFrom, validTo, verify }: UsedFactor) {
  const { gas, boundary, heatingValue } = basis
  const all = { gas, boundary, heatingValue, variant, table, validFrom, validTo, verify }
  const known = Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined)) as {
    [Name in keyof typeof all]?: string
  }
  return { factor, value, unit, document, ...known }
}
