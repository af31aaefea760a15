import { useQueryClient } from '@tanstack/react-query'
import { Hand, Undo2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { ageOf, clockTime, dayAndTime } from '../format/times.ts'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { endByHand, type Gateway, type Setpoint } from './field-queries.ts'
import { setpointState } from './link-state.ts'
import { OverrideDialog } from './override-dialog.tsx'
import { amountText, WhySentence } from './why-sentence.tsx'

interface SetpointListProps {
  readonly site: string
  readonly zone: string
  readonly setpoints: readonly Setpoint[]
  readonly gateways: readonly Gateway[]
  readonly nowMs: number
  readonly mayOperate: boolean
}

/** Every setpoint on its way: asked for, commanded, acknowledged, what the machine does. */
export function SetpointList(props: SetpointListProps) {
  const { say } = useWords()
  const [chosen, setChosen] = useState<Setpoint>()
  return (
    <section aria-labelledby="setpoints-title">
      <h2 id="setpoints-title">{say('field.setpoints')}</h2>
      <ul className="setpoints">
        {props.setpoints.map((setpoint) => (
          <SetpointRow key={setpoint.ref} {...props} setpoint={setpoint} onChoose={() => setChosen(setpoint)} />
        ))}
      </ul>
      {chosen && <OverrideDialog {...props} setpoint={chosen} onClose={() => setChosen(undefined)} />}
    </section>
  )
}

interface SetpointRowProps extends SetpointListProps {
  readonly setpoint: Setpoint
  onChoose(): void
}

function SetpointRow({ site, zone, setpoint, gateways, nowMs, mayOperate, onChoose }: SetpointRowProps) {
  const { say, language } = useWords()
  const client = useQueryClient()
  const { ref, title, unit, wanted, value, source, override, why, gateway } = setpoint
  const { word, tone } = setpointState(setpoint)
  const titleId = `setpoint-${ref}`
  const amount = (of: number | null): string => (of === null ? '–' : amountText(of, unit))
  const through = gateways.find(({ id }) => id === gateway)?.title ?? gateway
  return (
    <li className="setpoint" data-tone={tone} aria-labelledby={titleId}>
      <div className="setpoint-name">
        <h3 id={titleId}>{title}</h3>
        <ToneMark tone={tone}>{say(`field.state.${word}`)}</ToneMark>
      </div>
      <dl className="setpoint-way">
        <Stage name={say('field.asked')} note={source === null ? '' : say(`field.source.${source}`)}>
          {amount(wanted)}
        </Stage>
        <Stage name={say('field.commanded')} note={value === wanted ? '' : say('field.bent')}>
          {amount(value)}
        </Stage>
        <Acknowledged setpoint={setpoint} zone={zone} />
        <Does setpoint={setpoint} nowMs={nowMs} />
      </dl>
      <div className="setpoint-do">
        {override ? (
          <button
            type="button"
            className="button"
            disabled={!mayOperate}
            onClick={() =>
              void endByHand(site, ref).then(() => client.invalidateQueries({ queryKey: ['commands', site] }))
            }
          >
            <Undo2 size={16} aria-hidden /> {say('field.endByHand')}
          </button>
        ) : (
          <button type="button" className="button" disabled={!mayOperate} onClick={onChoose}>
            <Hand size={16} aria-hidden /> {say('field.byHand')}
          </button>
        )}
      </div>
      {override && (
        <p className="setpoint-hand">
          {say('field.handSays', {
            by: override.by,
            value: amount(override.value),
            until: dayAndTime(override.untilMs, zone, language),
            reason: override.reason,
          })}
        </p>
      )}
      <details className="setpoint-why">
        <summary>{say('plan.why')}</summary>
        <ul>
          {why.map((one) => (
            <li key={`${one.code} ${one.text}`}>
              <WhySentence why={one} unit={unit} zone={zone} />
            </li>
          ))}
        </ul>
        <p className="quiet">
          <code>{ref}</code> · {say('field.limits', { least: amount(setpoint.least), most: amount(setpoint.most) })} ·{' '}
          {through === null ? say('field.state.no-gateway') : say('field.through', { gateway: through })}
        </p>
      </details>
    </li>
  )
}

interface StageProps {
  readonly name: string
  readonly note: string
  readonly tone?: 'good' | 'advisory' | 'warning' | 'alarm'
  readonly children: ReactNode
}

const Stage = ({ name, note, tone, children }: StageProps) => (
  <div className="stage">
    <dt>{name}</dt>
    <dd>
      <strong>{children}</strong>
      <small data-tone={tone}>{note}</small>
    </dd>
  </div>
)

function Acknowledged({ setpoint, zone }: { readonly setpoint: Setpoint; readonly zone: string }) {
  const { say, language } = useWords()
  const { sent, confirmed, failures, unit } = setpoint
  const shown = confirmed ? amountText(confirmed.value, unit) : '–'
  const name = say('field.acknowledged')
  if (failures > 0)
    return (
      <Stage name={name} note={`■ ${say('field.failed', { number: failures })}`} tone="alarm">
        {shown}
      </Stage>
    )
  if (sent?.pending)
    return (
      <Stage name={name} note={`… ${say('field.pending')}`} tone="advisory">
        {shown}
      </Stage>
    )
  return (
    <Stage name={name} note={confirmed ? `✓ ${clockTime(confirmed.atMs, zone, language)}` : ''} tone="good">
      {shown}
    </Stage>
  )
}

function Does({ setpoint, nowMs }: { readonly setpoint: Setpoint; readonly nowMs: number }) {
  const { say } = useWords()
  const { readBack, mismatch, unit } = setpoint
  const name = say('field.does')
  if (!readBack)
    return (
      <Stage name={name} note={say('field.notRead')}>
        –
      </Stage>
    )
  const { count, unit: of } = ageOf(nowMs - readBack.atMs)
  const old = nowMs - readBack.atMs > 60_000
  const note = mismatch
    ? `▲ ${say('field.state.mismatch')}`
    : old
      ? `▲ ${say('field.ago', { age: say(`age.${of}`, { count }) })}`
      : ''
  return (
    <Stage name={name} note={note} tone="warning">
      {readBack.value === null ? '–' : amountText(readBack.value, unit)}
    </Stage>
  )
}
