import { formatIso, type LinearModel, stepStartMs } from '../../kernel/index.ts'
import type { Conflict, Relaxed } from '../schema/index.ts'
import type { ColumnTerms } from './column-terms.ts'
import { type Bounds, bindingGroups, type Group, letGo, type Phase } from './conflict-groups.ts'
import { describeConflict, describeLimitOf, describeWishOf } from './conflict-words.ts'
import { type FixedPlan, reducedCostsOf } from './fixed-plan.ts'

/** Linear programs that one explanation may solve to find its conflicts. */
const mostSolves = 60
/** Conflicts that are looked for; a plan that misses more has one cause for many. */
const mostConflicts = 8
/** Less of a wish, in its unit, is not missed. */
const dust = 1e-3

/** A plan in which wishes gave way. */
export interface MissedPlan {
  readonly relaxed: readonly Relaxed[]
  /** Columns as they were planned. */
  readonly values: Float64Array
}

/** Columns with which one thing is missed. */
interface Missed {
  readonly relaxed: Relaxed
  readonly block: string
  readonly columns: readonly number[]
}

/**
 * For each wish that gave way the smallest set of limits and other wishes with which it cannot be met: an irreducible
 * infeasible subset over groups that people can name, by the deletion filter of Chinneck and Dravnieks (1991, ORSA Journal
 * on Computing 3(2)). Where the linear relaxation could meet it, the plan's machines are held on and off as planned.
 */
export async function conflictsOf(
  plan: FixedPlan,
  terms: ColumnTerms,
  { relaxed, values }: MissedPlan,
): Promise<Conflict[]> {
  const budget = { solves: mostSolves }
  const conflicts: Conflict[] = []
  for (const missed of missedOf(terms, { relaxed, values }).slice(0, mostConflicts)) {
    const conflict = await conflictOf(plan, terms, { missed, values, budget })
    if (conflict) conflicts.push(conflict)
  }
  return conflicts
}

/** What the plan misses, by block of columns: of vehicles each stay, of loads each load. */
function missedOf(terms: ColumnTerms, { relaxed, values }: MissedPlan): Missed[] {
  const blocks = new Map<string, number[]>()
  terms.of.forEach(({ name, wish }, column) => {
    if (wish === undefined || /storedKwh$/.test(name)) return
    const columns = blocks.get(name) ?? []
    columns.push(column)
    blocks.set(name, columns)
  })
  const open = [...relaxed]
  return [...blocks].flatMap(([block, columns]): Missed[] => {
    const most = columns.reduce((largest, column) => Math.max(largest, values[column]!), 0)
    if (most <= dust) return []
    const { asset, wish } = terms.of[columns[0]!]!
    const own = open.filter((item) => item.wish === wish && item.asset === asset)
    // Several vehicles of one site miss different amounts.
    const item = own.reduce<Relaxed | undefined>(
      (best, one) => (!best || Math.abs(one.amount - most) < Math.abs(best.amount - most) ? one : best),
      undefined,
    )
    if (!item) return []
    open.splice(open.indexOf(item), 1)
    return [{ relaxed: item, block, columns }]
  })
}

interface Search {
  readonly missed: Missed
  readonly values: Float64Array
  readonly budget: { solves: number }
}

async function conflictOf(
  plan: FixedPlan,
  terms: ColumnTerms,
  { missed, values, budget }: Search,
): Promise<Conflict | undefined> {
  const free = plan.named.model
  let phase = await look(
    plan,
    terms,
    { model: { ...free, integrality: plan.model.integrality }, missed, values, budget },
    [],
  )
  if (phase && phase.solution.objective <= dust)
    phase = await look(plan, terms, { model: plan.model, missed, values, budget }, [])
  if (!phase || phase.solution.objective <= dust) return undefined
  const held = phase.model === plan.model
  const candidates = bindingGroups(plan, terms, phase).filter((group) => group.block !== missed.block)
  const needed: Group[] = []
  const gone: Group[] = []
  let smallest = true
  const stillMissed = async (without: readonly Group[]): Promise<boolean> => {
    if (budget.solves <= 0) {
      smallest = false
      return false
    }
    const tried = await look(plan, terms, { model: phase.model, missed, values, budget }, [...gone, ...without])
    return tried !== undefined && tried.solution.objective > dust
  }
  const filter = async (groups: readonly Group[]): Promise<void> => {
    if (groups.length === 0) return
    if (await stillMissed(groups)) gone.push(...groups)
    else if (groups.length === 1) needed.push(groups[0]!)
    else {
      const half = groups.length >> 1
      await filter(groups.slice(0, half))
      await filter(groups.slice(half))
    }
  }
  // Few are let go one by one; of many, halves that are not needed go at once.
  for (let at = 0; at < candidates.length; at += candidates.length > 8 ? 4 : 1) {
    await filter(candidates.slice(at, at + (candidates.length > 8 ? 4 : 1)))
  }
  return told(plan, terms, { missed, phase, needed, smallest, held })
}

interface Look {
  readonly model: LinearModel
  readonly missed: Missed
  readonly values: Float64Array
  readonly budget: { solves: number }
}

/** How little of the missed wish can be missed, when all other wishes are kept as far as the plan keeps them. */
async function look(
  plan: FixedPlan,
  terms: ColumnTerms,
  { model, missed, values, budget }: Look,
  without: readonly Group[],
): Promise<Phase | undefined> {
  budget.solves -= 1
  const bounds: Bounds = {
    columnLower: model.columnLower.slice(),
    columnUpper: model.columnUpper.slice(),
    rowLower: model.rowLower.slice(),
    rowUpper: model.rowUpper.slice(),
  }
  const own = new Set(missed.columns)
  terms.of.forEach(({ wish, name }, column) => {
    if (wish === undefined || own.has(column) || /storedKwh$/.test(name)) return
    bounds.columnUpper[column] = Math.min(bounds.columnUpper[column]!, Math.max(0, values[column]!) + 1e-6)
  })
  for (const group of without) letGo(bounds, group)
  const cost = new Float64Array(model.columnCount)
  for (const column of missed.columns) cost[column] = 1
  const asked = { ...model, ...bounds, cost, offset: 0 }
  const solution = await plan.solve(asked)
  if (solution.status !== 'optimal') return undefined
  return { model, bounds, solution, reducedCosts: reducedCostsOf(asked, solution.rowDuals) }
}

interface Found {
  readonly missed: Missed
  readonly phase: Phase
  readonly needed: readonly Group[]
  readonly smallest: boolean
  /** Whether it takes the machines that are on and off as planned. */
  readonly held: boolean
}

function told(plan: FixedPlan, terms: ColumnTerms, { missed, phase, needed, smallest, held }: Found): Conflict {
  const { frame } = plan
  const { site, grid } = frame
  const { relaxed } = missed
  const limits = needed.filter(({ kind }) => kind !== 'wish')
  const wishes = needed.filter(({ kind }) => kind === 'wish')
  const steps = limits.flatMap(({ rows, columns }) => [
    ...[...rows].filter((row) => Math.abs(phase.solution.rowDuals[row]!) > 1e-7).map((row) => terms.stepOfRow[row]!),
    ...[...columns].filter((column) => phase.reducedCosts[column]! < -1e-7).map((column) => terms.of[column]!.step),
  ])
  const when = steps.filter((step) => step >= 0)
  const fromMs =
    when.length === 0
      ? null
      : stepStartMs(
          grid,
          when.reduce((a, b) => Math.min(a, b)),
        )
  const toMs = when.length === 0 ? null : stepStartMs(grid, when.reduce((a, b) => Math.max(a, b)) + 1)
  const part = missed.block.slice(relaxed.asset.length + 1).split('.')
  const stay = part.length > 1 ? part.slice(0, -1).join('.') : undefined
  const told = {
    wish: relaxed.wish,
    asset: relaxed.asset,
    amount: relaxed.amount,
    unit: relaxed.unit,
    limits: limits.map((group) => describeLimitOf(plan, group)),
    wishes: wishes.map((group) => describeWishOf(plan, group)),
    from: fromMs === null ? null : formatIso(fromMs, site.zone),
    to: toMs === null ? null : formatIso(toMs, site.zone),
    smallest,
  }
  return {
    ...told,
    code: `conflict.${relaxed.wish}`,
    values: {
      amount: relaxed.amount,
      asset: relaxed.asset,
      ...(stay === undefined ? {} : { stay }),
      ...(fromMs === null ? {} : { fromMs }),
      ...(toMs === null ? {} : { toMs }),
    },
    text: describeConflict(plan, { ...told, stay, fromMs, toMs, held }),
  }
}
