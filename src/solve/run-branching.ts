import type { LinearModel, Solution } from '../kernel/index.ts'
import { withRows } from './more-rows.ts'
import { type ChooseRun, freeRow, type Row } from './run-choices.ts'

export interface Branching {
  /** The relaxation with its cuts; stands in the solver. */
  readonly model: LinearModel
  readonly relaxation: Solution
  readonly choose: ChooseRun
  /** Adds a row to the solver, free. */
  addRow(row: Row): void
  /** Runs the solver with the bounds of a model, those of the added rows too. */
  relax(model: LinearModel): Solution
  /** Whether a bound is good enough. */
  enough(bound: number): boolean
}

export interface Branch {
  /** The model with the bounds of this branch. */
  readonly model: LinearModel
  readonly relaxation: Solution
}

export interface RunBranching {
  readonly bound: number
  /** Where the bound is least; undefined: nowhere is anything left. */
  readonly least: Branch | undefined
  /** The model as it was, with the added rows free. */
  readonly model: LinearModel
  /** Branches where the bound is least, so often at the most. */
  branch(times: number): void
}

interface Node {
  readonly columnLower: Float64Array
  readonly columnUpper: Float64Array
  /** Of the added rows those that hold. */
  readonly held: readonly number[]
  readonly relaxation: Solution
  readonly bound: number
}

/** A small branch and bound that raises a bound; see `run-choices.ts`. */
export function createRunBranching({ model, relaxation, choose, addRow, relax, enough }: Branching): RunBranching {
  const { columnLower, columnUpper } = model
  const rows: Row[] = []
  let open: Node[] = [{ columnLower, columnUpper, held: [], relaxation, bound: relaxation.bound }]
  /** Of the branches that cannot be branched on. */
  let ended = Number.POSITIVE_INFINITY
  const modelOf = ({ held, ...bounds }: Pick<Node, 'columnLower' | 'columnUpper' | 'held'>): LinearModel =>
    withHeld({ ...model, columnLower: bounds.columnLower, columnUpper: bounds.columnUpper }, rows, held)
  const leastOf = (): Node | undefined =>
    open.reduce<Node | undefined>((least, node) => (least && least.bound <= node.bound ? least : node), undefined)
  return {
    get bound() {
      return Math.min(ended, leastOf()?.bound ?? Number.POSITIVE_INFINITY)
    },
    get least() {
      const node = leastOf()
      return node && { model: modelOf(node), relaxation: node.relaxation }
    },
    get model() {
      return modelOf({ columnLower, columnUpper, held: [] })
    },
    branch(times) {
      for (let count = 0; count < times; count += 1) {
        const node = leastOf()
        if (!node || enough(Math.min(ended, node.bound))) return
        const choice = choose({ ...node, values: node.relaxation.columnValues })
        const children: Node[] = []
        for (const side of choice ?? []) {
          const lower = node.columnLower.slice()
          const upper = node.columnUpper.slice()
          let { held } = node
          if ('row' in side) {
            addRow(side.row)
            held = [...held, rows.length]
            rows.push(side.row)
          } else {
            const end = side.first + side.count
            if (side.lower !== undefined) lower.fill(side.lower, side.first, end)
            if (side.upper !== undefined) upper.fill(side.upper, side.first, end)
          }
          const child = { columnLower: lower, columnUpper: upper, held }
          const solution = relax(modelOf(child))
          if (solution.status === 'infeasible') continue
          // A branch that was not solved is as its parent was.
          if (solution.status !== 'optimal') return
          children.push({ ...child, relaxation: solution, bound: Math.max(node.bound, solution.bound) })
        }
        if (!choice) ended = Math.min(ended, node.bound)
        open = [...open.filter((other) => other !== node), ...children]
      }
    },
  }
}

/** The model with the added rows, of which those that are held hold and the others are free. */
function withHeld(model: LinearModel, rows: readonly Row[], held: readonly number[]): LinearModel {
  const added = rows.map((row, i) => (held.includes(i) ? { ...freeRow(row), lower: row.least } : freeRow(row)))
  return {
    ...withRows(model, added),
    cutRows: [...(model.cutRows ?? []), { first: model.rowCount, count: rows.length }],
  }
}
