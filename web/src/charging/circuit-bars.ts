import type { Circuit } from './charging-queries.ts'

/** One phase of a cable, in shares of the length of its track. */
export interface PhaseBar {
  readonly phase: 'L1' | 'L2' | 'L3'
  /** All that is not charging. */
  readonly otherShare: number
  readonly drawnShare: number
  /** Granted and not drawn. */
  readonly sparedShare: number
  /** Granted, and what is drawn of it is not known. */
  readonly untoldShare: number
  readonly limitShare: number
  /** All that flows, A; undefined: not known. */
  readonly flowA: number | undefined
  readonly grantedA: number
  readonly limitA: number
  /** How full it is by what flows, or by what is granted where that is not known. */
  readonly fullness: number
}

export interface CircuitBars {
  readonly id: string
  /** How deep it hangs in the tree. */
  readonly depth: number
  readonly phases: readonly PhaseBar[]
  /** Of its fullest phase. */
  readonly fullness: number
  /** All three phases are alike: one bar says it. */
  readonly isEven: boolean
}

/** The track goes a little further than the limit, so that a breach is seen. */
const trackOverLimit = 1.08
const names = ['L1', 'L2', 'L3'] as const

/** Cables as bars, each under the one that it hangs on. */
export function circuitBars(circuits: readonly Circuit[]): readonly CircuitBars[] {
  const depthOf = (circuit: Circuit): number => {
    const parent = circuits.find(({ id }) => id === circuit.parent)
    return parent && parent !== circuit ? 1 + depthOf(parent) : 0
  }
  const ordered: Circuit[] = []
  const visit = (parent: string | null): void => {
    for (const circuit of circuits) {
      if (circuit.parent !== parent || ordered.includes(circuit)) continue
      ordered.push(circuit)
      visit(circuit.id)
    }
  }
  visit(null)
  return ordered.map((circuit) => {
    const phases = names.map((phase, index) => phaseBar(circuit, phase, index))
    return {
      ...{ id: circuit.id, depth: depthOf(circuit), phases },
      fullness: Math.max(...phases.map(({ fullness }) => fullness)),
      isEven: phases.every(({ flowA, grantedA, limitA }) => {
        const [first] = phases
        const alike = (a: number, b: number): boolean => Math.abs(a - b) < 0.05
        return (
          first && alike(limitA, first.limitA) && alike(grantedA, first.grantedA) && alike(flowA ?? 0, first.flowA ?? 0)
        )
      }),
    }
  })
}

function phaseBar(
  { parent, limitA, grantedA, drawnA, otherA }: Circuit,
  phase: PhaseBar['phase'],
  index: number,
): PhaseBar {
  const limit = limitA[index] ?? 0
  const granted = grantedA[index] ?? 0
  const drawn = drawnA?.[index]
  const other = otherA?.[index]
  const isConnection = parent === null
  const flowA = drawn === undefined || (isConnection && other === undefined) ? undefined : drawn + (other ?? 0)
  const track = Math.max(limit, flowA ?? 0, granted) * trackOverLimit || 1
  // What is fed in does not fill the cable from the left: it makes room for the chargers.
  const otherShown = Math.max(0, other ?? 0)
  const drawnShown = Math.max(0, Math.min(drawn ?? 0, (flowA ?? drawn ?? 0) - otherShown))
  const beyond = Math.max(0, Math.min(granted - (drawn ?? 0), track - otherShown - drawnShown)) / track
  return {
    ...{ phase, flowA, grantedA: granted, limitA: limit },
    otherShare: otherShown / track,
    drawnShare: drawnShown / track,
    ...(drawn === undefined ? { sparedShare: 0, untoldShare: beyond } : { sparedShare: beyond, untoldShare: 0 }),
    limitShare: limit / track,
    fullness: limit > 0 ? Math.max(0, flowA ?? granted) / limit : 0,
  }
}
