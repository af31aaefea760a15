import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { dayAndTime, preciseTime } from '../format/times.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { type CommandRow, commandRows } from './command-rows.ts'
import { type Setpoint, useCommandLog } from './field-queries.ts'
import { amountText } from './why-sentence.tsx'

interface CommandTableProps {
  readonly site: string
  readonly zone: string
  readonly setpoints: readonly Setpoint[]
}

const hourMs = 3_600_000
const spans = [1, 4, 12]
const mostRows = 150

/** The log of the last hours: what was sent, how it ended, and what changed whom the site follows. */
export function CommandTable({ site, zone, setpoints }: CommandTableProps) {
  const { say } = useWords()
  const [hours, setHours] = useState(1)
  const { data, error, refetch } = useCommandLog(site, hours * hourMs)
  const rows = data ? commandRows(data.lines) : []
  return (
    <section aria-labelledby="log-title">
      <header className="log-head">
        <h2 id="log-title">{say('field.log')}</h2>
        {data && (
          <ToneMark tone={data.whole ? 'good' : 'alarm'}>
            {say(data.whole ? 'field.logWhole' : 'field.logBroken', { number: formatNumber(data.lines.length) })}
          </ToneMark>
        )}
        <fieldset className="choice">
          <legend className="visually-hidden">{say('alarms.span')}</legend>
          {spans.map((own) => (
            <button
              key={own}
              type="button"
              className="choice-item"
              aria-pressed={own === hours}
              onClick={() => setHours(own)}
            >
              {say('age.hours', { count: own })}
            </button>
          ))}
        </fieldset>
      </header>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={240} />
      ) : rows.length === 0 ? (
        <p className="quiet">{say('field.logEmpty')}</p>
      ) : (
        <>
          <div className="wide-table">
            <table className="commands">
              <thead>
                <tr>
                  <th scope="col">{say('runs.time')}</th>
                  <th scope="col">{say('field.setpoint')}</th>
                  <th scope="col">{say('field.sourceOf')}</th>
                  <th scope="col" className="number">
                    {say('field.sent')}
                  </th>
                  <th scope="col">{say('field.acknowledged')}</th>
                  <th scope="col" className="number">
                    {say('field.readBack')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, mostRows).map((row) => (
                  <Row key={row.key} row={row} zone={zone} setpoints={setpoints} />
                ))}
              </tbody>
            </table>
          </div>
          {(rows.length > mostRows || data.isPart) && (
            <p className="quiet">{say('field.logPart', { shown: mostRows })}</p>
          )}
        </>
      )}
    </section>
  )
}

interface RowProps {
  readonly row: CommandRow
  readonly zone: string
  readonly setpoints: readonly Setpoint[]
}

function Row({ row, zone, setpoints }: RowProps) {
  const { say, language } = useWords()
  const time = (
    <td>
      <time dateTime={new Date(row.atMs).toISOString()} title={dayAndTime(row.atMs, zone, language)}>
        {preciseTime(row.atMs, zone, language)}
      </time>
    </td>
  )
  const titleOf = (ref: string): string => setpoints.find((one) => one.ref === ref)?.title ?? ref
  if (row.kind !== 'command')
    return (
      <tr className="log-event">
        {time}
        <td colSpan={5}>{eventText(row, titleOf)}</td>
      </tr>
    )
  const { ref, value, unit, source, ended, tries } = row
  return (
    <tr>
      {time}
      <th scope="row">{titleOf(ref)}</th>
      <td>{say(`field.source.${source}`)}</td>
      <td className="number">{amountText(value, unit)}</td>
      <td>
        {ended ? (
          <ToneMark tone={ended.outcome === 'done' ? 'good' : ended.outcome === 'failed' ? 'alarm' : 'warning'}>
            {ended.outcome === 'done'
              ? `${say('field.outcome.done')} ${formatNumber(ended.atMs - row.atMs)}\u00a0ms`
              : say(`field.outcome.${ended.outcome}`)}
          </ToneMark>
        ) : (
          <ToneMark tone="advisory">{say('field.pending')}</ToneMark>
        )}
        {ended?.problem && <span className="command-problem">{ended.problem}</span>}
        {tries && (
          <small>
            {' '}
            {say('field.tries', { number: tries.count, time: preciseTime(tries.sinceMs, zone, language) })}
          </small>
        )}
      </td>
      <td className="number">{ended?.readBack === undefined ? '–' : amountText(ended.readBack, unit)}</td>
    </tr>
  )

  function eventText(event: Exclude<CommandRow, { kind: 'command' }>, nameOf: (ref: string) => string): string {
    switch (event.kind) {
      case 'mode':
        return say(`field.mode.${event.mode}`)
      case 'plan':
        return event.evidence === null ? say('park.noPlan') : say('field.newPlan', { id: event.evidence.slice(0, 12) })
      case 'hold':
        return say('field.heldBy', { by: event.by, reason: event.reason })
      case 'release':
        return say('field.released')
      case 'by-hand':
        return `${nameOf(event.ref)}: ${say('field.handSays', {
          by: event.order.by,
          value: formatNumber(event.order.value),
          until: dayAndTime(event.order.untilMs, zone, language),
          reason: event.order.reason,
        })}`
    }
  }
}
