import { type CSSProperties, useCallback, useMemo, useState } from 'react'
import type { Site } from '../api/types.ts'
import { Diagram, type DiagramOption } from '../charts/diagram.tsx'
import { formatNumber } from '../format/numbers.ts'
import { daysText } from '../format/periods.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Stat } from '../ui/stat.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { useOutput, useRunsOf } from './carbon-queries.ts'
import { darkestHour, dayMap, liftsOf, type MatchedPart, type Matching, matchedParts } from './matching.ts'
import { MatchingForm } from './matching-form.tsx'
import { RunChoice } from './run-choice.tsx'

const engine = 'carbon.match-hours'
const percent = (share: number | null): string => (share === null ? '–' : formatNumber(100 * share, 3))

/** Which part of the use was clean in its own hour, where it was not, and what would lift that. */
export function MatchingSection({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const runs = useRunsOf(site.id, engine)
  const [chosen, setChosen] = useState<string>()
  const id = chosen ?? runs.data?.[0]?.id
  const output = useOutput<Matching>(id)
  const error = runs.error ?? output.error
  return (
    <section className="carbon-section" aria-labelledby="matching-title">
      <header>
        <h2 id="matching-title">{say('carbon.hours')}</h2>
        {runs.data && id !== undefined && (
          <RunChoice runs={runs.data} id={id} zone={site.zone} onChoose={setChosen} reported={false} />
        )}
      </header>
      {error ? (
        <Failure error={error} retry={() => void runs.refetch()} />
      ) : output.data ? (
        <Matched matching={output.data} run={id ?? ''} zone={site.zone} />
      ) : runs.data?.length === 0 ? (
        <p className="carbon-empty">{say('carbon.hours.none')}</p>
      ) : (
        <Skeleton height={420} />
      )}
      <MatchingForm site={site} open={runs.data?.length === 0} onMatched={() => setChosen(undefined)} />
    </section>
  )
}

interface MatchedProps {
  readonly matching: Matching
  readonly run: string
  readonly zone: string
}

const partColours: Readonly<Record<MatchedPart, string>> = {
  onSiteKwh: 'var(--solar)',
  batteryKwh: 'var(--battery)',
  contractsKwh: 'var(--wind)',
  unmatchedKwh: 'var(--grid)',
}

/** Below this share of hours a score says little of its period. */
const leastCovered = 0.95

function Matched({ matching, run, zone }: MatchedProps) {
  const { say, language } = useWords()
  const { score, energy, period, hourCount, leftOut, heatMap, hours } = matching
  const [map, setMap] = useState<'months' | 'days'>(hours && heatMap.length < 3 ? 'days' : 'months')
  const title = { kind: 'run', run, title: say('carbon.hours.score') } as const
  const darkest = darkestHour(matching)
  const covered = 1 - leftOut.hours / hourCount
  return (
    <>
      <p className="quiet">
        {daysText(period.from, period.to, language)} ·{' '}
        {say('carbon.hours.counted', { number: formatNumber(hourCount) })}
      </p>
      {leftOut.hours > 0 && (
        <p className={covered < leastCovered ? 'carbon-warn' : 'quiet'}>
          {covered < leastCovered && '▲ '}
          {say('carbon.hours.leftOut', {
            counted: formatNumber(hourCount - leftOut.hours),
            all: formatNumber(hourCount),
            share: percent(covered),
          })}
        </p>
      )}
      <dl className="stats">
        <Stat label={say('carbon.hours.score')} note={say('carbon.hours.scoreWhy')}>
          <Sourced from={{ ...title, path: ['score', 'hourly'] }}>
            {percent(score.hourly)} <span className="unit">%</span>
          </Sourced>
        </Stat>
        <Stat label={say('carbon.hours.yearly')} note={say('carbon.hours.yearlyWhy')}>
          <Sourced from={{ ...title, path: ['score', 'yearly'] }}>
            {percent(score.yearly)} <span className="unit">%</span>
          </Sourced>
        </Stat>
        <Stat label={say('carbon.hours.full')}>
          {percent(score.hoursFullyMatched)} <span className="unit">%</span>
        </Stat>
        <Stat label={say('carbon.hours.emitted')} note={say('carbon.hours.emittedWhy')}>
          {formatNumber(matching.emissions.unmatchedImportKg / 1000)} <span className="unit">t CO₂e</span>
        </Stat>
      </dl>
      <figure className="carbon-parts">
        <figcaption className="visually-hidden">{say('carbon.hours.parts')}</figcaption>
        <div className="bar-track" aria-hidden>
          {matchedParts.map((part) => (
            <span
              key={part}
              style={{ width: `${(100 * energy[part]) / energy.loadKwh}%`, background: partColours[part] }}
            />
          ))}
        </div>
        <ul className="key">
          {matchedParts.map((part) => (
            <li key={part}>
              <i style={{ color: partColours[part] }} aria-hidden /> {say(`carbon.hours.part.${part}`)}{' '}
              <strong>{formatNumber(energy[part] / 1000)}</strong> <span className="unit">MWh</span>
            </li>
          ))}
        </ul>
      </figure>
      <div className="carbon-map">
        <header>
          <h3>{say('carbon.hours.map')}</h3>
          {hours && (
            <Segmented
              label={say('carbon.hours.map')}
              options={(['months', 'days'] as const).map((id) => ({ id, title: say(`carbon.hours.map.${id}`) }))}
              value={map}
              onChange={(one) => setMap(one)}
            />
          )}
        </header>
        {map === 'days' && hours ? <DayHeat matching={matching} zone={zone} /> : <MonthHeat matching={matching} />}
      </div>
      <section className="carbon-lifts" aria-label={say('carbon.hours.lift')}>
        <h3>{say('carbon.hours.lift')}</h3>
        <ul>
          {liftsOf(matching).map(({ kind, energyKwh, score: lifted }) => (
            <li key={kind}>
              <span>{say(`carbon.hours.lift.${kind}`, { energy: formatNumber(energyKwh / 1000) })}</span>
              <strong>
                {percent(score.hourly)} → {percent(lifted)} <span className="unit">%</span>
              </strong>
            </li>
          ))}
          {darkest && (
            <li>
              <span>
                {say('carbon.hours.darkest', {
                  hour: `${String(darkest.hour).padStart(2, '0')}:00`,
                  share: percent(darkest.share),
                })}
              </span>
            </li>
          )}
        </ul>
      </section>
      {matching.warnings.length > 0 && (
        <details className="carbon-verify">
          <summary>{say('carbon.hours.warnings', { number: matching.warnings.length })}</summary>
          <ul lang="en">
            {matching.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

const fifths = [0, 0.2, 0.4, 0.6, 0.8]
const hourNames = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

/** Month by hour of the day, as a table that is its own picture: each cell says its share. */
function MonthHeat({ matching: { heatMap } }: { readonly matching: Matching }) {
  const { say } = useWords()
  return (
    <div className="wide-table">
      <table className="carbon-heat">
        <caption>{say('carbon.hours.mapSays')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{say('carbon.hours.map.months')}</span>
            </th>
            {hourNames.map((hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
            <th scope="col">{say('carbon.hours.all')}</th>
          </tr>
        </thead>
        <tbody>
          {heatMap.map(({ month, shares, all }) => (
            <tr key={month}>
              <th scope="row">{month}</th>
              {shares.map((share, hour) => (
                <td
                  key={hourNames[hour]}
                  data-none={share === null}
                  style={share === null ? undefined : ({ '--share': `${Math.round(100 * share)}%` } as CSSProperties)}
                  title={`${month}, ${hourNames[hour]}:00: ${percent(share)} %`}
                >
                  {share === null ? '' : Math.round(100 * share)}
                </td>
              ))}
              <td className="carbon-heat-all">{percent(all)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Each day of the period by hour of the day. */
function DayHeat({ matching, zone }: { readonly matching: Matching; readonly zone: string }) {
  const { say } = useWords()
  const { hours } = matching
  const map = useMemo(() => hours && dayMap(hours, zone), [hours, zone])
  const heightPx = Math.min(560, Math.max(120, (map?.days.length ?? 1) * 14 + 84))
  const option = useCallback(
    (paint: (token: string, share?: number) => string): DiagramOption => ({
      grid: { left: 84, right: 12, top: 8, bottom: 64 },
      tooltip: {
        formatter: ({ value }: { readonly value: readonly number[] }) =>
          `${map?.days[value[1] ?? 0]} ${hourNames[value[0] ?? 0]}:00 — ${percent(value[2] ?? null)} %`,
      },
      xAxis: { type: 'category', data: hourNames, splitArea: { show: false } },
      yAxis: { type: 'category', inverse: true, data: [...(map?.days ?? [])] },
      // Pieces, for a colour between two of the theme cannot be computed here.
      visualMap: {
        ...{ type: 'piecewise', orient: 'horizontal', left: 84, bottom: 4, itemSymbol: 'rect' },
        pieces: fifths.map((from) => ({
          ...{ gte: from, lt: from === 0.8 ? 1.01 : from + 0.2, color: paint('good', 0.1 + from) },
          label: `${Math.round(100 * from)} – ${Math.round(100 * from) + 20} %`,
        })),
      },
      series: [
        {
          ...{ type: 'heatmap', name: say('carbon.hours.map'), data: map?.cells },
          itemStyle: { borderColor: paint('paper'), borderWidth: 1 },
        },
      ],
    }),
    [map, say],
  )
  return (
    <Diagram
      title={say('carbon.hours.mapSays')}
      summary={[map?.days[0], map?.days.at(-1)].filter(Boolean).join(' – ')}
      heightPx={heightPx}
      option={option}
    />
  )
}
