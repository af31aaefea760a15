import type { Site } from '../api/types.ts'
import { clockTime } from '../format/times.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { Value } from '../ui/figure.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { ChargerMenu } from './charger-menu.tsx'
import { type Charger, stateTones } from './evse-state.ts'
import type { AskedOrder } from './order-dialog.tsx'
import { powerShares } from './power-bar.ts'
import { Deadline, WhySays } from './queue.tsx'

/** What chargers of a page share. */
export interface ChargerPlace {
  readonly site: Site
  readonly nowMs: number
  readonly mayOperate: boolean
  onOrder(order: AskedOrder): void
}

/** A charger with a vehicle: how it is, what it asks, is granted and draws, and why. */
export function ChargerRow({
  site,
  charger,
  nowMs,
  mayOperate,
  onOrder,
}: ChargerPlace & { readonly charger: Charger }) {
  const { say, language } = useWords()
  const { id, state, evse } = charger
  const { running } = evse
  return (
    <li className="charging-row" data-state={state} aria-label={id}>
      <span className="charging-who">
        <strong title={id}>{id}</strong>
        <small title={running?.card ?? ''}>{running?.card ?? say('charging.noCard')}</small>
      </span>
      <ToneMark tone={stateTones[state]}>{say(`charging.state.${state}`)}</ToneMark>
      <PowerBar site={site.id} charger={charger} />
      <span className="charging-cell">
        <Value value={running?.energyKwh ?? undefined} unit="kWh" />
        <small>
          {evse.energyLeftKwh === null ? (
            say('charging.noBooking')
          ) : (
            <>
              {say('charging.stillWants')} <Value value={evse.energyLeftKwh} unit="kWh" />
            </>
          )}
        </small>
      </span>
      <span className="charging-cell">
        {evse.deadlineMs === null ? (
          <span className="quiet">{say('charging.noDeadline')}</span>
        ) : (
          <>
            {clockTime(evse.deadlineMs, site.zone, language)}
            <small>
              <Deadline evse={evse} nowMs={nowMs} />
            </small>
          </>
        )}
      </span>
      <span className="charging-why">
        <WhySays evse={evse} zone={site.zone} />
      </span>
      <ChargerMenu charger={charger} mayOperate={mayOperate} onOrder={onOrder} />
    </li>
  )
}

function PowerBar({ site, charger: { evse } }: { readonly site: string; readonly charger: Charger }) {
  const { say } = useWords()
  const { askedKw, grantKw, drawnKw, asset, phases } = evse
  const shares = powerShares(evse)
  return (
    <span className="charging-power">
      <span className="charging-track" aria-hidden>
        {(['drawn', 'spared', 'untold'] as const).map((part) => (
          <i key={part} data-part={part} style={{ width: `${shares[part] * 100}%` }} />
        ))}
      </span>
      <span className="charging-power-values">
        <span>
          {asset === null || drawnKw === null ? (
            <Value value={drawnKw ?? undefined} unit="kW" />
          ) : (
            <Sourced from={{ kind: 'point', site, ref: `${asset}.powerKw` }}>
              <Value value={drawnKw} unit="kW" />
            </Sourced>
          )}{' '}
          <small>{say('charging.drawsNow')}</small>
        </span>
        <small>
          {say('charging.grantedShort')} <Value value={grantKw ?? undefined} unit="kW" />
          {askedKw !== null && (
            <>
              {' · '}
              {say('charging.askedShort')} <Value value={askedKw} unit="kW" />
            </>
          )}
          {phases && phases.length < 3 && ` · ${phases.map((phase) => `L${phase}`).join(' ')}`}
        </small>
      </span>
    </span>
  )
}
