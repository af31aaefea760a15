import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Site } from '../api/types.ts'
import { Chart } from '../charts/chart.tsx'
import { formatNumber } from '../format/numbers.ts'
import { dayAndTime } from '../format/times.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Figure, Value } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { comparedSpec } from './compared-spec.ts'
import { ErrorByHour } from './error-by-hour.tsx'
import { ErrorByLead } from './error-by-lead.tsx'
import type { Lead, Quality, Quantity } from './forecast-queries.ts'
import { VerdictSays } from './quantity-table.tsx'

interface QuantityDetailProps {
  readonly site: Site
  readonly quality: Quality
  readonly quantity: Quantity
  readonly lead: number
}

/** One quantity: foreseen against what was, its error by lead and hour, and its worst hours. */
export function QuantityDetail({ site, quality, quantity, lead }: QuantityDetailProps) {
  const { say } = useWords()
  const found = quantity.leads.find(({ leadHours }) => leadHours === lead)
  return (
    <>
      <Panel title={`${quantity.title} · ${say(`forecasts.what.${quantity.what}`)}`}>
        {found && (
          <>
            <p className="forecasts-verdict">
              <VerdictSays lead={found} />
            </p>
            <Gaps lead={found} />
          </>
        )}
        <ComparedChart site={site} quality={quality} quantity={quantity} lead={lead} />
      </Panel>
      <div className="forecasts-errors">
        <ErrorByLead quantity={quantity} lead={lead} />
        <ErrorByHour quantity={quantity} />
      </div>
      {found && <WorstHours site={site} quantity={quantity} lead={found} />}
    </>
  )
}

/** How much of the span could be compared, and why not all of it. */
function Gaps({ lead: { pairs, gaps, meanLeadHours } }: { readonly lead: Lead }) {
  const { say } = useWords()
  const all = pairs + gaps.moved + gaps.notForeseen + gaps.notMeasured
  const why = (['notMeasured', 'moved', 'notForeseen'] as const).filter((gap) => gaps[gap] > 0)
  return (
    <p className="quiet">
      {say('forecasts.compared', { pairs: formatNumber(pairs), all: formatNumber(all) })}
      {why.map((gap) => ` ${say(`forecasts.gap.${gap}`, { number: formatNumber(gaps[gap]) })}`)}
      {meanLeadHours !== null && ` ${say('forecasts.meanLead', { hours: formatNumber(meanLeadHours, 3) })}`}
    </p>
  )
}

function ComparedChart({ site, quality, quantity, lead }: QuantityDetailProps) {
  const { say } = useWords()
  const { compared, stepMinutes } = quality
  const current = compared?.ref === quantity.ref && compared.leadHours === lead ? compared : undefined
  const spec = useMemo(
    () =>
      current &&
      comparedSpec(quantity, current, {
        stepMs: stepMinutes * 60_000,
        words: {
          measured: say('forecasts.measured'),
          foreseen: say('forecasts.foreseen'),
          low: say('forecasts.low'),
          high: say('forecasts.high'),
        },
      }),
    [current, quantity, stepMinutes, say],
  )
  if (!current) return <Skeleton height={304} />
  if (!spec) return <p className="quiet">{say('forecasts.noSteps')}</p>
  return (
    <Chart
      title={say('forecasts.chart', { hours: lead })}
      summary={say('forecasts.chartSays')}
      spec={spec}
      zone={site.zone}
    />
  )
}

type Worst = Lead['worst'][number]

function WorstHours({
  site,
  quantity,
  lead,
}: {
  readonly site: Site
  readonly quantity: Quantity
  readonly lead: Lead
}) {
  const { say, language } = useWords()
  const value = (of: number) => <Value value={of} unit={quantity.unit} />
  const columns: readonly Column<Worst>[] = [
    {
      id: 'hour',
      title: say('forecasts.hour'),
      sortBy: ({ startMs }) => startMs,
      cell: ({ startMs }) => <span className="forecasts-time">{dayAndTime(startMs, site.zone, language)}</span>,
    },
    {
      id: 'foreseen',
      title: say('forecasts.foreseen'),
      numeric: true,
      sortBy: ({ foreseen }) => foreseen,
      cell: ({ foreseen, run }) => (
        <Sourced from={{ kind: 'run', run, title: `${quantity.title} · ${quantity.ref}` }}>{value(foreseen)}</Sourced>
      ),
    },
    {
      id: 'measured',
      title: say('forecasts.measured'),
      numeric: true,
      sortBy: ({ measured }) => measured,
      cell: ({ measured }) => value(measured),
    },
    {
      id: 'error',
      title: say('forecasts.error'),
      numeric: true,
      sortBy: ({ error }) => Math.abs(error),
      cell: ({ error }) => (
        <strong>
          {error > 0 ? '+' : ''}
          {value(error)}
        </strong>
      ),
    },
    {
      id: 'made',
      title: say('forecasts.madeBefore'),
      numeric: true,
      sortBy: ({ startMs, madeMs }) => startMs - madeMs,
      cell: ({ startMs, madeMs }) => <Figure text={formatNumber((startMs - madeMs) / 3_600_000, 3)} unit="h" />,
    },
    {
      id: 'see',
      title: say('forecasts.see'),
      cell: ({ startMs }) => (
        <span className="forecasts-links">
          <Link to="/sites/$site/plan" params={{ site: site.id }} search={{ at: startMs }}>
            {say('page.plan')}
          </Link>
          <Link to="/sites/$site/trends" params={{ site: site.id }} search={{ at: startMs }}>
            {say('page.trends')}
          </Link>
        </span>
      ),
    },
  ]
  return (
    <Panel title={say('forecasts.worst')}>
      <div className="forecasts-table forecasts-worst">
        <DataTable
          caption={say('forecasts.worst')}
          columns={columns}
          rows={lead.worst}
          keyOf={({ startMs }) => String(startMs)}
          empty={say(lead.mae === null ? 'forecasts.worstUnknown' : 'forecasts.worstNone')}
        />
      </div>
    </Panel>
  )
}
