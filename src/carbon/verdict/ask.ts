import { type EngineContext, type Place, parseInstant, type Site } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { factorBookWith } from '../factors/index.ts'
import {
  type CountContext,
  countEmissions,
  countEnergy,
  type EmissionsCounted,
  type EnergyRowCounted,
} from './count/index.ts'
import { type Figures, readFigures } from './figures/index.ts'
import { type Cell, type GuidingResult, judgeCells, judgeGuiding } from './judge/index.ts'
import type { VerdictInput } from './schema.ts'
import { type CoalMethod, findScheme, type GreenChoice, type Scheme } from './schemes/index.ts'

/** What verdict and path are asked with. */
export type Question = Omit<VerdictInput, 'draws'>

/** A park, its figures, and the indicator under every reading of the rules. */
export interface Asked {
  readonly site: Site
  readonly figures: Figures
  readonly scheme: Scheme
  readonly emissions: EmissionsCounted
  readonly energy: readonly EnergyRowCounted[]
  readonly guiding: readonly GuidingResult[]
  readonly cells: readonly Cell[]
  /** Cells that decide: those of the readings that are meant, or all. */
  readonly deciding: readonly Cell[]
  /** Place of a path in the figures. */
  placeOf(path: string): Place
  /** Whether the calendar year had ended when this ran. */
  readonly yearIsOver: boolean
  /** Whether the scheme may judge this year. */
  readonly inForce: boolean
}

/**
 * Reads site, figures and scheme, and counts.
 *
 * @throws every problem of them
 */
export async function ask(question: Question, context: EngineContext): Promise<Asked> {
  const site = await context.data.site(question.site, question.changes)
  const scheme = await findScheme(question.scheme, site, context.data)
  const { figures, placeOf } = await readFigures(
    {
      ...(question.figures === undefined ? {} : { figures: question.figures }),
      ...(question.figuresFile === undefined ? {} : { figuresFile: question.figuresFile }),
    },
    site,
    context.data,
  )
  if (question.year !== undefined && question.year !== figures.year) {
    throw carbonErrors.badFigures({
      detail: 'The figures are of another year',
      ...{ place: placeOf('year'), found: figures.year, expected: String(question.year) },
    })
  }
  refuseSettled(question, scheme)
  const counting: CountContext = { scheme, book: factorBookWith(), placeOf }
  const emissions = countEmissions(figures, counting)
  const energy = countEnergy(figures, counting)
  const cells = judgeCells(scheme, emissions, energy)
  const { from, to } = scheme.file.years
  return {
    ...{ site, figures, scheme, emissions, energy, cells, placeOf },
    guiding: judgeGuiding(figures, counting),
    deciding: cells.filter((cell) => isMeant(cell, question)),
    yearIsOver: parseInstant(`${figures.year + 1}-01-01T00:00`, site.zone) <= context.clock.now(),
    inForce: figures.year >= from && (to === undefined || figures.year <= to),
  }
}

const isMeant = (cell: Cell, { greenPower, coal }: Question): boolean =>
  (greenPower === undefined || greenPower === cell.greenPower) && (coal === undefined || coal === cell.coal)

/** A reading that the scheme does not leave open cannot be meant. */
function refuseSettled({ greenPower, coal }: Question, scheme: Scheme): void {
  const green: readonly GreenChoice[] = scheme.file.greenPower.choices
  const methods: readonly CoalMethod[] = scheme.file.coal ? scheme.coalMethods : []
  if (greenPower !== undefined && !green.includes(greenPower)) {
    throw carbonErrors.badFigures({
      detail: 'The scheme does not leave this reading open',
      ...{ place: { path: 'greenPower' }, found: greenPower, expected: green.join(', ') },
    })
  }
  if (coal !== undefined && !methods.includes(coal)) {
    throw carbonErrors.badFigures({
      detail: 'The scheme does not leave this reading open',
      ...{ place: { path: 'coal' }, found: coal, expected: methods.join(', ') || 'none: energy is counted as energy' },
    })
  }
}
