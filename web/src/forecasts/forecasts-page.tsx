import { useState } from 'react'
import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { quarterHourMs, useMoment, useSiteId } from '../app/moment.ts'
import { Panel } from '../ui/panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { leadHours, type Made, type Quality, useForecastQuality } from './forecast-queries.ts'
import { QuantityDetail } from './quantity-detail.tsx'
import { QuantityTable } from './quantity-table.tsx'
import './forecasts.css'

const dayMs = 86_400_000
const spans = { day: dayMs, week: 7 * dayMs, month: 31 * dayMs } as const
type Span = keyof typeof spans

/** How good the forecasts were that the plans used, up to the moment of the time bar. */
export function ForecastsPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  return site.data ? <Forecasts site={site.data} /> : <Skeleton height={480} />
}

function Forecasts({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const { timestampMs, nowMs, kind } = useMoment()
  const [span, setSpan] = useState<Span>('week')
  const [made, setMade] = useState<Made>('plans')
  const [lead, setLead] = useState<number>(leadHours[0])
  const [chosen, setChosen] = useState<string>()
  const toMs = Math.floor(Math.min(timestampMs, nowMs) / quarterHourMs) * quarterHourMs
  const base = { site: site.id, fromMs: toMs - spans[span], toMs, of: made, lead }
  // Without a choice the quantity that moves the most energy is compared.
  const first = useForecastQuality({ ...base, ref: chosen })
  const ref = chosen ?? largest(first.data)
  const quality = useForecastQuality({ ...base, ref })
  const { data } = quality
  const quantity = data?.quantities.find((one) => one.ref === ref)
  return (
    <div className="forecasts">
      <header className="forecasts-head">
        <h1>{say('page.forecasts')}</h1>
        <div className="forecasts-choices">
          <Segmented<Made>
            label={say('forecasts.of')}
            options={(['plans', 'forecasts'] as const).map((id) => ({ id, title: say(`forecasts.of.${id}`) }))}
            value={made}
            onChange={setMade}
          />
          <Segmented<Span>
            label={say('forecasts.span')}
            options={(Object.keys(spans) as readonly Span[]).map((id) => ({ id, title: say(`forecasts.span.${id}`) }))}
            value={span}
            onChange={setSpan}
          />
          <div className="forecasts-lead">
            <span aria-hidden>{say('forecasts.lead')}</span>
            <Segmented<string>
              label={say('forecasts.lead')}
              options={leadHours.map((hours) => ({ id: String(hours), title: say('forecasts.hours', { hours }) }))}
              value={String(lead)}
              onChange={(id) => setLead(Number(id))}
            />
          </div>
        </div>
      </header>
      {kind === 'plan' && <p className="notice">{say('forecasts.notYet')}</p>}
      {quality.error && !data ? (
        <Failure error={quality.error} retry={() => void quality.refetch()} />
      ) : !data ? (
        <>
          <Skeleton height={280} />
          <Skeleton height={320} />
        </>
      ) : data.quantities.length === 0 ? (
        <Nothing made={made} />
      ) : (
        <>
          <Panel title={say('forecasts.quantities')}>
            <p className="quiet">
              {say(`forecasts.made.${made}`, { number: data.made })} {say('forecasts.leadSays', { hours: lead })}
            </p>
            <QuantityTable quality={data} lead={lead} chosen={ref} onChoose={setChosen} />
          </Panel>
          {quantity && <QuantityDetail site={site} quality={data} quantity={quantity} lead={lead} />}
        </>
      )}
    </div>
  )
}

/** The quantity whose measured values are largest at the shortest lead. */
function largest(quality: Quality | undefined): string | undefined {
  const level = ({ what, leads }: Quality['quantities'][number]): number =>
    what === 'price' ? -1 : (leads[0]?.hours.reduce((sum, hour) => sum + Math.abs(hour.level ?? 0), 0) ?? 0)
  return quality?.quantities.toSorted((a, b) => level(b) - level(a))[0]?.ref
}

function Nothing({ made }: { readonly made: Made }) {
  const { say } = useWords()
  return (
    <div className="forecasts-nothing">
      <h2>{say(`forecasts.nothing.${made}`)}</h2>
      <p>{say(`forecasts.nothingDo.${made}`)}</p>
      {made === 'forecasts' && <pre className="sample">npx mangrove energy forecast site.yaml</pre>}
    </div>
  )
}
