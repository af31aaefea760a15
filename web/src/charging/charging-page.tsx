import { useState } from 'react'
import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useMoment, useNowMs, useSiteId } from '../app/moment.ts'
import { useMay } from '../sign-in/session.ts'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { ChargerList } from './charger-list.tsx'
import { chargingFigures } from './charging-figures.ts'
import { type Charging, useCharging } from './charging-queries.ts'
import { ChargingStats } from './charging-stats.tsx'
import { CircuitList } from './circuit-list.tsx'
import { chargersOf } from './evse-state.ts'
import { FirstStation } from './first-station.tsx'
import type { AskedOrder } from './order-dialog.tsx'
import { OrderDialog } from './order-dialog.tsx'
import { Queue } from './queue.tsx'
import { SessionTable } from './session-table.tsx'
import './charging.css'

/** Who charges, what each is given and why, what the cables carry, and the sessions with their bills. */
export function ChargingPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  return site.data ? <SiteCharging site={site.data} /> : <Skeleton height={480} />
}

function SiteCharging({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const { kind } = useMoment()
  const charging = useCharging(site.id)
  return (
    <div className="charging">
      <header className="charging-head">
        <h1>{say('page.charging')}</h1>
        {charging.data && <ModeMark charging={charging.data} broken={charging.isError} />}
      </header>
      {kind !== 'live' && <p className="notice">{say('time.onlyNow')}</p>}
      {charging.error && !charging.data ? (
        <Failure error={charging.error} retry={() => void charging.refetch()} />
      ) : charging.data ? (
        <Desk site={site} charging={charging.data} />
      ) : (
        <Shape />
      )}
    </div>
  )
}

/** The page before anything is known, in its final shape. */
const Shape = () => (
  <>
    <Skeleton height={64} />
    <div className="charging-top">
      <Skeleton height={240} />
      <Skeleton height={240} />
    </div>
    <Skeleton height={360} />
  </>
)

function ModeMark({ charging: { mode, meter }, broken }: { readonly charging: Charging; readonly broken: boolean }) {
  const { say } = useWords()
  if (broken) return <ToneMark tone="stale">{say('charging.broken')}</ToneMark>
  if (mode === null) return <ToneMark tone="advisory">{say('charging.mode.none')}</ToneMark>
  const tone = mode === 'plan' ? 'good' : mode === 'deadlines' ? 'advisory' : 'warning'
  return (
    <p className="charging-mode">
      <ToneMark tone={tone}>{say(`charging.mode.${mode}`)}</ToneMark>
      {meter?.silent && <span className="quiet">{say('charging.meterSilent', { ref: meter.ref })}</span>}
    </p>
  )
}

function Desk({ site, charging }: { readonly site: Site; readonly charging: Charging }) {
  const { say } = useWords()
  const nowMs = useNowMs(1000)
  const mayOperate = useMay('operate', site.id)
  const [asked, setAsked] = useState<AskedOrder>()
  const chargers = chargersOf(charging)
  const shut = charging.doors.filter(({ state }) => state !== 'connected')
  if (charging.stations.length === 0 || chargers.every(({ state }) => state === 'never')) {
    return <FirstStation site={site} charging={charging} />
  }
  return (
    <>
      {!mayOperate && <p className="notice">{say('charging.mayNot')}</p>}
      {shut.map(({ gateway }) => (
        <p key={gateway} className="notice" role="alert">
          {say('charging.doorShut', { gateway })}
        </p>
      ))}
      <ChargingStats site={site.id} charging={charging} figures={chargingFigures(charging, chargers)} />
      <div className="charging-top">
        <Panel title={say('charging.circuits')}>
          <CircuitList site={site.id} charging={charging} />
        </Panel>
        <Panel title={say('charging.queue')}>
          <Queue chargers={chargers} zone={site.zone} nowMs={nowMs} />
        </Panel>
      </div>
      <ChargerList site={site} chargers={chargers} nowMs={nowMs} mayOperate={mayOperate} onOrder={setAsked} />
      <SessionTable site={site} />
      {asked && <OrderDialog site={site.id} asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}
