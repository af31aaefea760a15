import { useEffect, useRef, useState } from 'react'
import { useLive } from '../api/live.ts'
import type { Site } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import { ageOf } from '../format/times.ts'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import type { Gateway, Links } from './field-queries.ts'
import { linkState, ratePerS } from './link-state.ts'
import { amountText } from './why-sentence.tsx'

interface GatewayListProps {
  readonly site: Site
  readonly links: Links
  readonly nowMs: number
}

/** The links to devices: how each is, and under it the points that it tells. */
export function GatewayList({ site, links, nowMs }: GatewayListProps) {
  const { say } = useWords()
  const rates = useRates(links)
  return (
    <section aria-labelledby="gateways-title">
      <h2 id="gateways-title">{say('field.gateways')}</h2>
      {links.gateways.length === 0 ? (
        <p className="quiet">{say('field.noGateways')}</p>
      ) : (
        <ul className="gateways">
          {links.gateways.map((gateway) => (
            <GatewayRow key={gateway.id} gateway={gateway} site={site} nowMs={nowMs} rate={rates.get(gateway.id)} />
          ))}
        </ul>
      )}
      {links.forward && <ForwardLine forward={links.forward} />}
    </section>
  )
}

/** Values a second of each gateway, over about ten seconds. */
function useRates(links: Links): ReadonlyMap<string, number | undefined> {
  const older = useRef<readonly Links[]>([])
  const [rates, setRates] = useState<ReadonlyMap<string, number | undefined>>(new Map())
  useEffect(() => {
    const [first = links] = older.current
    const before = new Map(first.gateways.map(({ id, readings }) => [id, { readings, askedMs: first.askedMs }]))
    setRates(
      new Map(
        links.gateways.map(({ id, readings }) => [id, ratePerS(before.get(id), { readings, askedMs: links.askedMs })]),
      ),
    )
    older.current = [...older.current, links].slice(-5)
  }, [links])
  return rates
}

interface GatewayRowProps {
  readonly gateway: Gateway
  readonly site: Site
  readonly nowMs: number
  readonly rate: number | undefined
}

function GatewayRow({ gateway, site, nowMs, rate }: GatewayRowProps) {
  const { say } = useWords()
  const [open, setOpen] = useState(false)
  const { title, protocol, lastHeardMs, readings, failures, connects, malformed, lastProblem, points } = gateway
  const { word, tone } = linkState(gateway, nowMs)
  const age = lastHeardMs === null ? undefined : ageOf(nowMs - lastHeardMs)
  const figures = [
    { id: 'rate', text: rate === undefined ? '–' : `${formatNumber(rate, 2)}/s`, bad: false },
    { id: 'heard', text: age ? say(`age.${age.unit}`, { count: age.count }) : '–', bad: word === 'silent' },
    { id: 'readings', text: formatNumber(readings), bad: false },
    { id: 'failures', text: formatNumber(failures), bad: failures > 0 },
    { id: 'reconnects', text: formatNumber(Math.max(0, connects - 1)), bad: false },
    { id: 'malformed', text: formatNumber(malformed), bad: malformed > 0 },
  ] as const
  return (
    <li className="gateway" data-tone={tone}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span className="gateway-name">
            <strong>{title}</strong>
            <span className="gateway-kind">
              {protocol}
              {!gateway.writes && ` · ${say('field.readsOnly')}`}
            </span>
          </span>
          <ToneMark tone={tone}>{say(`field.link.${word}`)}</ToneMark>
          <dl className="gateway-figures">
            {figures.map(({ id, text, bad }) => (
              <div key={id} data-bad={bad}>
                <dt>{say(`field.figure.${id}`)}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </summary>
        {open && <Points site={site} points={points} nowMs={nowMs} />}
      </details>
      {lastProblem !== null && <p className="gateway-problem">{say('field.lastProblem', { problem: lastProblem })}</p>}
    </li>
  )
}

interface PointsProps {
  readonly site: Site
  readonly points: readonly string[]
  readonly nowMs: number
}

function Points({ site, points, nowMs }: PointsProps) {
  const { say, knows } = useWords()
  const { now } = useLive(site.id)
  if (points.length === 0) return <p className="quiet">{say('field.noPoints')}</p>
  const titles = new Map(
    site.assets.flatMap((asset) => asset.points.map(({ ref, title }) => [ref, `${asset.title} · ${title}`])),
  )
  return (
    <table className="points">
      <thead>
        <tr>
          <th scope="col">{say('field.point')}</th>
          <th scope="col" className="number">
            {say('field.latest')}
          </th>
          <th scope="col">{say('field.quality')}</th>
          <th scope="col" className="number">
            {say('field.age')}
          </th>
        </tr>
      </thead>
      <tbody>
        {points.map((ref) => {
          const value = now?.points[ref]
          const age = value && ageOf(nowMs - value.timestampMs)
          const key = `field.quality.${value?.quality ?? 'missing'}`
          return (
            <tr key={ref} data-quality={value?.quality ?? 'missing'}>
              <th scope="row">
                <code>{ref}</code> <small>{titles.get(ref)}</small>
              </th>
              <td className="number">{value?.value == null ? '–' : amountText(value.value, value.unit)}</td>
              <td>{knows(key) ? say(key) : value?.quality}</td>
              <td className="number">{age ? say(`age.${age.unit}`, { count: age.count }) : '–'}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function ForwardLine({ forward }: { readonly forward: NonNullable<Links['forward']> }) {
  const { say } = useWords()
  const { connected, waitingRows, lagMs, lastProblem, failures } = forward
  const age = ageOf(lagMs ?? 0)
  return (
    <div className="forward">
      <strong>{say('field.forward')}</strong>{' '}
      <ToneMark tone={connected ? 'good' : 'alarm'}>
        {say(connected ? 'field.link.connected' : 'field.link.waiting')}
      </ToneMark>
      <p>
        {say('field.backlog', { rows: formatNumber(waitingRows) })}
        {lagMs !== null && ` · ${say('field.lag', { age: say(`age.${age.unit}`, { count: age.count }) })}`}
        {` · ${say('field.figure.failures')} ${formatNumber(failures)}`}
      </p>
      {lastProblem !== null && <p className="gateway-problem">{say('field.lastProblem', { problem: lastProblem })}</p>}
    </div>
  )
}
