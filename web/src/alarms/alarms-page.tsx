import { useState } from 'react'
import { useLive } from '../api/live.ts'
import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
import { ageOf } from '../format/times.ts'
import { useMay } from '../sign-in/session.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { type Alarm, groupAlarms, isUnacknowledged } from './alarm.ts'
import { useAllAlarms } from './alarm-queries.ts'
import { AlarmRow } from './alarm-row.tsx'
import { DoneLine } from './done-line.tsx'
import { FloodFigures, RateBars, type Span, SpanChoice, spans } from './flood-figures.tsx'
import { Journal } from './journal.tsx'
import { useAlarms } from './live-alarms.ts'
import { ShelveDialog } from './shelve-dialog.tsx'
import { useDesk } from './use-desk.ts'
import './alarms.css'

/** What stands at the site, what to do about it, how well operators keep up, and the log. */
export function AlarmsPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  return site.data ? <Alarms site={site.data} /> : <Skeleton height={480} />
}

function Alarms({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const { nowMs, kind } = useMoment()
  const mayOperate = useMay('operate', site.id)
  const live = useAlarms(site.id)
  const rules = useAllAlarms(site.id)
  const [span, setSpan] = useState<Span>(spans[1])
  const noRules = rules.data?.length === 0
  const strip = { site: site.id, span, number: live.number }
  return (
    <div className="alarms">
      <header className="alarms-head">
        <h1>{say('page.alarms')}</h1>
        <LiveMark lost={live.lost} heardMs={live.heardMs} nowMs={nowMs} />
        {!noRules && <SpanChoice span={span} onChoose={setSpan} />}
      </header>
      {kind !== 'live' && <p className="notice">{say('time.onlyNow')}</p>}
      {!mayOperate && <p className="notice">{say('alarms.mayNot')}</p>}
      {noRules ? (
        <NoRules />
      ) : (
        <>
          <RateBars {...strip} zone={site.zone} nowMs={nowMs} />
          <AlarmDesk site={site} nowMs={nowMs} mayOperate={mayOperate} rules={rules.data} />
          <div className="alarms-below">
            <Journal
              site={site.id}
              zone={site.zone}
              sections={site.sections}
              rules={rules.data ?? []}
              number={live.number}
            />
            <FloodFigures {...strip} />
          </div>
        </>
      )}
    </div>
  )
}

interface LiveMarkProps {
  readonly lost: boolean
  readonly heardMs: number
  readonly nowMs: number
}

function LiveMark({ lost, heardMs, nowMs }: LiveMarkProps) {
  const { say } = useWords()
  if (!lost && heardMs > 0) return <p className="live-mark">{say('time.live')}</p>
  if (heardMs === 0)
    return (
      <p className="live-mark" data-broken>
        {say(lost ? 'state.offline' : 'state.loading')}
      </p>
    )
  const { count, unit } = ageOf(nowMs - heardMs)
  return (
    <p className="live-mark" data-broken role="alert">
      {say('alarms.broken', { age: say(`age.${unit}`, { count }) })}
    </p>
  )
}

function NoRules() {
  const { say } = useWords()
  return (
    <div className="message">
      <h1>{say('alarms.noRules')}</h1>
      <p>{say('alarms.noRulesDo')}</p>
      <pre className="sample">{`alarms:
  rules:
    import-high:
      point: grid.powerKw
      priority: high
      when: { kind: high, limit: 3.4 MW }
      message: …
      action: …`}</pre>
    </div>
  )
}

interface AlarmDeskProps {
  readonly site: Site
  readonly nowMs: number
  readonly mayOperate: boolean
  /** Every alarm as it was asked for once: shown until the live connection is there. */
  readonly rules: readonly Alarm[] | undefined
}

function AlarmDesk({ site, nowMs, mayOperate, rules }: AlarmDeskProps) {
  const { say } = useWords()
  const { alarms } = useAlarms(site.id)
  const { now } = useLive(site.id)
  const desk = useDesk(site.id)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [shelving, setShelving] = useState<readonly Alarm[]>()
  const known = alarms?.values() ?? rules
  if (!known) return <Skeleton height={240} />
  const { waiting, standing, hidden } = groupAlarms(known)
  const picked = [...waiting, ...standing, ...hidden].filter(({ id }) => chosen.has(id))
  const choose = (ids: readonly string[], on: boolean): void => {
    const next = new Set(chosen)
    for (const id of ids) on ? next.add(id) : next.delete(id)
    setChosen(next)
  }
  const done = (): void => setChosen(new Set())
  const groups = [
    { id: 'waiting', list: waiting },
    { id: 'standing', list: standing },
    { id: 'hidden', list: hidden },
  ] as const
  const canAcknowledge = picked.filter(isUnacknowledged)
  return (
    <section className="alarm-desk" aria-label={say('page.alarms')} aria-busy={desk.busy}>
      <DoneLine desk={desk} zone={site.zone} />
      {waiting.length + standing.length + hidden.length === 0 && (
        <p className="all-quiet">
          <span className="quiet-mark" aria-hidden>
            ●
          </span>{' '}
          {say('alarms.none', { number: rules?.length ?? 0 })}
        </p>
      )}
      {groups.map(
        ({ id, list }) =>
          list.length > 0 && (
            <div key={id} className="alarm-group">
              <header>
                <label>
                  <input
                    type="checkbox"
                    disabled={!mayOperate}
                    checked={list.every((alarm) => chosen.has(alarm.id))}
                    aria-label={say('alarms.chooseAll', { group: say(`alarms.group.${id}`) })}
                    onChange={({ target }) =>
                      choose(
                        list.map((alarm) => alarm.id),
                        target.checked,
                      )
                    }
                  />
                </label>
                <h2>
                  {say(`alarms.group.${id}`)} <span className="count">{list.length}</span>
                </h2>
              </header>
              <ol className="alarm-list">
                {list.map((alarm) => (
                  <AlarmRow
                    key={alarm.id}
                    alarm={alarm}
                    site={site}
                    nowMs={nowMs}
                    now={now?.points[alarm.point]}
                    mayOperate={mayOperate}
                    chosen={chosen.has(alarm.id)}
                    onChoose={(on) => choose([alarm.id], on)}
                    onAct={(action) => void desk.act(action, [alarm])}
                    onShelve={() => setShelving([alarm])}
                  />
                ))}
              </ol>
            </div>
          ),
      )}
      {picked.length > 0 && (
        <div className="alarm-bar" role="toolbar" aria-label={say('alarms.chosen', { number: picked.length })}>
          <strong>{say('alarms.chosen', { number: picked.length })}</strong>
          <button
            type="button"
            className="button primary"
            disabled={canAcknowledge.length === 0 || desk.busy}
            onClick={() => void desk.act('acknowledge', canAcknowledge).then(done)}
          >
            {say('alarms.acknowledgeMany', { number: canAcknowledge.length })}
          </button>
          <button type="button" className="button" disabled={desk.busy} onClick={() => setShelving(picked)}>
            {say('alarms.do.shelve')}
          </button>
          <button type="button" className="button plain" onClick={done}>
            {say('alarms.chooseNone')}
          </button>
        </div>
      )}
      {shelving && (
        <ShelveDialog
          alarms={shelving}
          zone={site.zone}
          nowMs={nowMs}
          onShelve={(action, body) => void desk.act(action, shelving, body).then(done)}
          onClose={() => setShelving(undefined)}
        />
      )}
    </section>
  )
}
