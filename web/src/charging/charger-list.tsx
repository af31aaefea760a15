import { ageOf } from '../format/times.ts'
import { Panel } from '../ui/panel.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { ChargerMenu } from './charger-menu.tsx'
import { type ChargerPlace, ChargerRow } from './charger-row.tsx'
import { type Charger, groupChargers, stateTones } from './evse-state.ts'

interface ChargerListProps extends ChargerPlace {
  readonly chargers: readonly Charger[]
}

/** Chargers by what a person wants to know first: trouble, vehicles, free places. */
export function ChargerList(props: ChargerListProps) {
  const { say } = useWords()
  const { trouble, used, free } = groupChargers(props.chargers)
  return (
    <>
      {trouble.length > 0 && (
        <Panel title={say('charging.trouble', { number: trouble.length })}>
          <ul className="charging-tiles">
            {trouble.map((charger) => (
              <ChargerTile key={charger.id} {...props} charger={charger} />
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={say('charging.used', { number: used.length })}>
        {used.length === 0 ? (
          <p className="quiet">{say('charging.usedNone')}</p>
        ) : (
          <ul className="charging-rows">
            {used.map((charger) => (
              <ChargerRow key={charger.id} {...props} charger={charger} />
            ))}
          </ul>
        )}
      </Panel>
      {free.length > 0 && (
        <Panel title={say('charging.free', { number: free.length })}>
          <ul className="charging-tiles">
            {free.map((charger) => (
              <ChargerTile key={charger.id} {...props} charger={charger} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

/** A charger without a vehicle. */
function ChargerTile({ charger, nowMs, mayOperate, onOrder }: ChargerListProps & { readonly charger: Charger }) {
  const { say } = useWords()
  const { id, state, station, evse } = charger
  const errorCode = evse.connectors.find(({ status }) => status === 'faulted')?.errorCode
  const sinceMs = state === 'offline' ? station.lastHeardMs : Math.max(0, ...evse.connectors.map((one) => one.sinceMs))
  const age = sinceMs ? ageOf(nowMs - sinceMs) : undefined
  return (
    <li className="charging-tile" aria-label={id}>
      <span className="charging-who">
        <strong title={id}>{id}</strong>
        <small>
          {errorCode ? `${errorCode} · ` : ''}
          {age ? say('charging.since', { age: say(`age.${age.unit}`, { count: age.count }) }) : ''}
        </small>
      </span>
      <ToneMark tone={stateTones[state]}>{say(`charging.state.${state}`)}</ToneMark>
      <ChargerMenu charger={charger} mayOperate={mayOperate} onOrder={onOrder} />
    </li>
  )
}
