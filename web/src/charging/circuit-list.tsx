import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { Charging } from './charging-queries.ts'
import { type CircuitBars, circuitBars, type PhaseBar } from './circuit-bars.ts'

/** How full a cable may be before it is said. */
const nearlyFull = 0.9

/** Every cable with what flows in each phase against its limit. */
export function CircuitList({ charging }: { readonly site: string; readonly charging: Charging }) {
  const { say } = useWords()
  const circuits = circuitBars(charging.circuits)
  if (circuits.length === 0) return <p className="quiet">{say('charging.noCircuits')}</p>
  return (
    <>
      <ul className="charging-key">
        {circuits.some(({ phases }) => phases.some(({ otherShare }) => otherShare > 0)) && (
          <li>
            <i data-part="other" aria-hidden /> {say('charging.key.other')}
          </li>
        )}
        <li>
          <i data-part="drawn" aria-hidden /> {say('charging.key.drawn')}
        </li>
        <li>
          <i data-part="spared" aria-hidden /> {say('charging.key.spared')}
        </li>
        {circuits.some(({ phases }) => phases.some(({ untoldShare }) => untoldShare > 0)) && (
          <li>
            <i data-part="untold" aria-hidden /> {say('charging.key.untold')}
          </li>
        )}
        <li>
          <i data-part="limit" aria-hidden /> {say('charging.key.limit')}
        </li>
      </ul>
      <ul className="charging-circuits">
        {circuits.map((circuit) => (
          <CircuitRow key={circuit.id} circuit={circuit} />
        ))}
      </ul>
    </>
  )
}

function CircuitRow({ circuit: { id, depth, phases, fullness } }: { readonly circuit: CircuitBars }) {
  const { say } = useWords()
  const state = fullness > 1 ? 'over' : fullness >= nearlyFull ? 'full' : 'room'
  return (
    <li className="charging-circuit" data-state={state} style={{ paddingInlineStart: depth * 16 }}>
      <p className="charging-circuit-name">
        <strong title={id}>{id}</strong>
        <span className="quiet">
          {say(`charging.fullness.${state}`, { percent: formatNumber(Math.round(fullness * 100)) })}
        </span>
      </p>
      <ul className="charging-phases">
        {phases.map((phase) => (
          <PhaseRow key={phase.phase} bar={phase} />
        ))}
      </ul>
    </li>
  )
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`

function PhaseRow({ bar }: { readonly bar: PhaseBar }) {
  const { say } = useWords()
  const { phase, otherShare, drawnShare, sparedShare, untoldShare, limitShare, flowA, grantedA, limitA } = bar
  const limit = formatNumber(limitA, 3)
  const flow = flowA === undefined ? undefined : formatNumber(Math.abs(flowA) < 0.05 ? 0 : flowA, 3)
  return (
    <li className="charging-phase">
      <span className="charging-phase-name">{phase}</span>
      <span className="charging-track" aria-hidden>
        <i data-part="other" style={{ width: percent(otherShare) }} />
        <i data-part="drawn" style={{ width: percent(drawnShare) }} />
        <i data-part="spared" style={{ width: percent(sparedShare) }} />
        <i data-part="untold" style={{ width: percent(untoldShare) }} />
        <b style={{ insetInlineStart: percent(limitShare) }} />
      </span>
      <span className="charging-phase-value">
        {flow === undefined
          ? say('charging.grantedOf', { granted: formatNumber(grantedA, 3), limit })
          : say('charging.flowOf', { flow, limit })}
      </span>
    </li>
  )
}
