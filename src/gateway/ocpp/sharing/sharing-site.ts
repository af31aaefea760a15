import { ocppErrors } from '../errors.ts'

/** A cable with a fuse. Circuits are a tree: what flows in one flows in all above it. */
export interface Circuit {
  readonly id: string
  readonly parent?: string
  /** Amperes of L1, L2 and L3. */
  readonly limitA: readonly [number, number, number]
  /** Whether something besides chargers draws from it, which a meter tells. Default: only from the connection to the grid. */
  readonly otherLoads?: boolean
}

/** A socket, and what it is wired to. */
export interface SharingCharger {
  readonly id: string
  readonly circuit: string
  /** Phases of the site that it draws from: `[0, 1, 2]`, or one. */
  readonly phases: readonly number[]
  /** Phases of the site that it can go over to alone; the first one unless it can be told another. Absent: it cannot. */
  readonly onePhase?: readonly number[]
  /** Less than this is a pause: 6 A after IEC 61851-1. */
  readonly minA: number
  readonly maxA: number
}

export interface SharingSite {
  readonly circuits: readonly Circuit[]
  readonly chargers: readonly SharingCharger[]
}

/** A site in arrays. A cell is one phase of one circuit: circuit × 3 + phase. */
export interface PreparedSite extends SharingSite {
  /** Cells that a charger's current flows in, for each charger. */
  readonly cells: readonly Int32Array[]
  readonly limitA: Float64Array
  /** 1 for cells of circuits that have other loads. */
  readonly otherLoads: Uint8Array
  /** Number of the circuit that has no parent: the connection to the grid. */
  readonly root: number
}

/** Checks a site and lays it out. @throws `ocpp.bad-limit` with all that is wrong with it */
export function prepareSite(site: SharingSite): PreparedSite {
  const { circuits, chargers } = site
  const numbers = new Map(circuits.map(({ id }, index) => [id, index]))
  const fail = (detail: string, found: unknown, expected: string): never => {
    throw ocppErrors.badLimit({ detail, found, expected })
  }
  if (numbers.size < circuits.length)
    fail(
      'Two circuits have one name',
      circuits.map(({ id }) => id),
      'different names',
    )
  const roots = circuits.filter(({ parent }) => parent === undefined)
  if (roots.length !== 1)
    fail(
      'Circuits are no tree',
      roots.map(({ id }) => id),
      'one circuit without a parent',
    )
  const pathOf = (start: string): number[] => {
    const path: number[] = []
    for (let id: string | undefined = start; id !== undefined; ) {
      const index = numbers.get(id)
      if (index === undefined) return fail('There is no such circuit', id, circuits.map((one) => one.id).join(', '))
      if (path.includes(index)) return fail('Circuits go in a circle', id, 'a tree')
      path.push(index)
      id = circuits[index]!.parent
    }
    return path
  }
  for (const { id, limitA } of circuits) {
    pathOf(id)
    if (!limitA.every((limit) => Number.isFinite(limit) && limit >= 0)) fail(`Limit of ${id}`, limitA, '0 A or more')
  }
  const cells = chargers.map(({ id, circuit, phases, onePhase, minA, maxA }) => {
    if (phases.length === 0 || !phases.every((phase) => phase === 0 || phase === 1 || phase === 2)) {
      fail(`Phases of ${id}`, phases, 'some of 0, 1, 2')
    }
    if (onePhase && (onePhase.length === 0 || !onePhase.every((phase) => phases.includes(phase)))) {
      fail(`One phase of ${id}`, onePhase, `some of its own: ${phases.join(', ')}`)
    }
    if (!(minA > 0 && maxA >= minA)) fail(`Currents of ${id}`, [minA, maxA], '0 < least ≤ most')
    return Int32Array.from(pathOf(circuit).flatMap((index) => phases.map((phase) => index * 3 + phase)))
  })
  const limitA = Float64Array.from(circuits.flatMap((circuit) => circuit.limitA))
  const otherLoads = Uint8Array.from(
    circuits.flatMap(({ otherLoads: told, parent }) => Array<number>(3).fill((told ?? parent === undefined) ? 1 : 0)),
  )
  return { ...site, cells, limitA, otherLoads, root: numbers.get(roots[0]!.id)! }
}
