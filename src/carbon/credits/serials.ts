/** A run of serials that share everything. */
export interface Run {
  readonly start: bigint
  /** Within. */
  readonly end: bigint
  readonly holder: string
  readonly status: 'active' | 'offered' | 'retired' | 'cancelled'
  /** Country in whose registry it is held. */
  readonly party: string
  /** `due` from the first transfer abroad until the host party has stated its corresponding adjustment. */
  readonly adjustment: 'none' | 'due' | 'made'
  /** Id of the entry that offered, retired or cancelled it. */
  readonly by?: string
}

/** The serials of one project and vintage: runs side by side from 1 to the last that was issued, none twice, none missing. */
export interface Serials {
  /** How many were issued. */
  issued(): bigint
  runs(): readonly Run[]
  /** Adds serials after the last. */
  issue(quantity: bigint, run: Omit<Run, 'start' | 'end'>): void
  /** Runs that cover a block, cut to it. Empty where the block is not wholly issued. */
  within(start: bigint, end: bigint): readonly Run[]
  /** Changes a block that is wholly issued; runs are cut where it begins and ends, and joined where nothing differs any more. */
  change(start: bigint, end: bigint, turn: (run: Run) => Run): void
}

export function createSerials(): Serials {
  let runs: Run[] = []
  const issued = (): bigint => runs.at(-1)?.end ?? 0n
  const indexOf = (serial: bigint): number => {
    let [low, high] = [0, runs.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (runs[middle]!.end >= serial) high = middle
      else low = middle + 1
    }
    return low
  }
  const within = (start: bigint, end: bigint): readonly Run[] => {
    if (start < 1n || start > end || end > issued()) return []
    const found: Run[] = []
    for (let k = indexOf(start); k < runs.length && runs[k]!.start <= end; k += 1) {
      const run = runs[k]!
      found.push({ ...run, start: run.start > start ? run.start : start, end: run.end < end ? run.end : end })
    }
    return found
  }
  return {
    issued,
    runs: () => runs,
    within,
    issue(quantity, run) {
      const start = issued() + 1n
      runs = joined([...runs, { ...run, start, end: start + quantity - 1n }])
    },
    change(start, end, turn) {
      const changed = within(start, end).map(turn)
      if (changed.length === 0) throw new RangeError(`Serials ${start} to ${end} were not issued`)
      const [first, last] = [indexOf(start), indexOf(end)]
      const before = runs[first]!
      const after = runs[last]!
      const cut = [
        ...(before.start < start ? [{ ...before, end: start - 1n }] : []),
        ...changed,
        ...(after.end > end ? [{ ...after, start: end + 1n }] : []),
      ]
      const from = Math.max(0, first - 1)
      runs.splice(
        from,
        last + 2 - from,
        ...joined([...runs.slice(from, first), ...cut, ...runs.slice(last + 1, last + 2)]),
      )
    },
  }
}

function joined(runs: readonly Run[]): Run[] {
  const made: Run[] = []
  for (const run of runs) {
    const last = made.at(-1)
    if (last && alike(last, run)) made[made.length - 1] = { ...last, end: run.end }
    else made.push(run)
  }
  return made
}

const alike = (a: Run, b: Run): boolean =>
  a.end + 1n === b.start &&
  a.holder === b.holder &&
  a.status === b.status &&
  a.party === b.party &&
  a.adjustment === b.adjustment &&
  a.by === b.by
