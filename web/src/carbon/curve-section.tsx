import { useCallback, useMemo, useState } from 'react'
import { Diagram, type DiagramOption } from '../charts/diagram.tsx'
import { formatNumber, showMoney } from '../format/numbers.ts'
import { useRunJob } from '../jobs/use-run-job.ts'
import { useMay } from '../sign-in/session.ts'
import { Progress } from '../ui/progress.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Stat } from '../ui/stat.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { useOutput, useRunsOf } from './carbon-queries.ts'
import { type Curve, type CurveBar, shownHeights } from './curve.ts'
import { RunChoice } from './run-choice.tsx'

const engine = 'carbon.abatement-curve'

/** What a tonne less costs: each measure a step, as wide as what it avoids and as high as what a tonne of it costs. */
export function CurveSection({ site, zone }: { readonly site: string; readonly zone: string }) {
  const { say } = useWords()
  const runs = useRunsOf(site, engine)
  const [chosen, setChosen] = useState<string>()
  const [method, setMethod] = useState<'quick' | 'exact'>('quick')
  const mayPlan = useMay('plan', site)
  const job = useRunJob(engine, site)
  const id = chosen ?? runs.data?.[0]?.id
  const output = useOutput<Curve>(id)
  const error = runs.error ?? output.error
  return (
    <section className="carbon-section" aria-labelledby="curve-title">
      <header>
        <h2 id="curve-title">{say('carbon.curve')}</h2>
        {runs.data && id !== undefined && (
          <RunChoice runs={runs.data} id={id} zone={zone} onChoose={setChosen} reported={false} />
        )}
      </header>
      {error ? (
        <Failure error={error} retry={() => void runs.refetch()} />
      ) : output.data ? (
        <Staircase curve={output.data} />
      ) : runs.data?.length === 0 ? (
        <p className="carbon-empty">{say('carbon.curve.none')}</p>
      ) : (
        <Skeleton height={420} />
      )}
      <div className="carbon-actions">
        <Segmented
          label={say('carbon.curve.method')}
          options={(['quick', 'exact'] as const).map((one) => ({ id: one, title: say(`carbon.curve.method.${one}`) }))}
          value={method}
          onChange={(one) => setMethod(one)}
        />
        <button
          type="button"
          className="button primary"
          disabled={!mayPlan || job.pending}
          title={mayPlan ? undefined : say('carbon.mayNot')}
          onClick={() => void job.start({ site, method }).then(() => setChosen(undefined))}
        >
          {say(job.pending ? 'carbon.working' : 'carbon.curve.draw')}
        </button>
        {job.pending && (
          <>
            <Progress label={say('carbon.working')} share={job.share} />
            <button type="button" className="button" onClick={job.cancel}>
              {say('carbon.cancel')}
            </button>
          </>
        )}
        {!mayPlan && <p className="quiet">{say('carbon.mayNot')}</p>}
      </div>
      {job.error && (
        <p className="dialog-problem" role="alert">
          {job.error.message}
        </p>
      )}
    </section>
  )
}

function Staircase({ curve }: { readonly curve: Curve }) {
  const { say } = useWords()
  const { bars, currency, carbonPricePerTonne, startTonnesPerYear, endTonnesPerYear, gridFactor } = curve
  const { heights } = useMemo(() => shownHeights(bars.map(({ costPerTonne }) => costPerTonne)), [bars])
  const unit = `${currency}/t`
  const option = useCallback(
    (paint: (token: string, share?: number) => string): DiagramOption => ({
      grid: { left: 72, right: 16, top: 24, bottom: 48 },
      tooltip: {
        formatter: ({ dataIndex }: { readonly dataIndex: number }) => {
          const bar = bars[dataIndex]
          if (!bar) return ''
          const avoided = `${formatNumber(bar.avoidedTonnesPerYear)} ${say('carbon.curve.tYear')}`
          return `${escaped(bar.title)}<br>${costText(bar.costPerTonne)} ${escaped(unit)} · ${escaped(avoided)}`
        },
      },
      xAxis: {
        ...{ type: 'value', name: say('carbon.curve.tonnes'), nameLocation: 'middle', nameGap: 28, min: 0 },
        max: bars.at(-1)?.toTonnes ?? 1,
        axisLabel: { formatter: (tonnes: number) => formatNumber(tonnes, 3), color: paint('ink-faint') },
      },
      yAxis: {
        ...{ type: 'value', name: unit },
        axisLabel: { formatter: (cost: number) => formatNumber(cost, 3), color: paint('ink-faint') },
      },
      series: [
        {
          ...{ type: 'custom', name: say('carbon.curve') },
          data: bars.map(({ fromTonnes, toTonnes }, k) => [fromTonnes, toTonnes, heights[k]]),
          encode: { x: [0, 1], y: 2 },
          renderItem: (
            { dataIndex }: { readonly dataIndex: number },
            api: { value(place: number): number; coord(at: readonly number[]): readonly [number, number] },
          ) => {
            const [left, top] = api.coord([api.value(0), api.value(2)])
            const [right, zero] = api.coord([api.value(1), 0])
            const bar = bars[dataIndex]
            const y = Math.min(top, zero)
            const rectangle = {
              type: 'rect',
              shape: {
                ...{ x: left, y, width: Math.max(2, right - left - 1) },
                height: Math.max(2, Math.abs(top - zero)),
              },
              style: { fill: bar?.belowCarbonPrice ? paint('good') : paint('scope-2'), opacity: 0.9 },
            }
            // A bar that is cut tells its height itself: the axis does not.
            const cut = {
              type: 'text',
              style: {
                ...{ text: `↥ ${costText(bar?.costPerTonne ?? null)}`, x: (left + right) / 2, y: y - 4 },
                ...{ textAlign: 'center', textVerticalAlign: 'bottom', fill: paint('ink-soft') },
              },
            }
            return { type: 'group', children: isCut(bar, heights[dataIndex]) ? [rectangle, cut] : [rectangle] }
          },
          markLine: {
            ...{ symbol: 'none', silent: true },
            lineStyle: { color: paint('ink'), type: 'dashed' },
            label: {
              ...{ formatter: `${say('carbon.curve.price')} ${formatNumber(carbonPricePerTonne)} ${unit}` },
              ...{ color: paint('ink-soft'), position: 'insideStartTop' },
            },
            data: [{ yAxis: carbonPricePerTonne }],
          },
        },
      ],
    }),
    [bars, heights, carbonPricePerTonne, unit, say],
  )
  return (
    <>
      <dl className="stats">
        <Stat label={say('carbon.curve.now')}>
          {formatNumber(startTonnesPerYear)} <span className="unit">{say('carbon.curve.tYear')}</span>
        </Stat>
        <Stat label={say('carbon.curve.all')}>
          {formatNumber(endTonnesPerYear)} <span className="unit">{say('carbon.curve.tYear')}</span>
        </Stat>
        <Stat label={say('carbon.curve.factor')} note={<span lang="en">{gridFactor.source}</span>}>
          {gridFactor.kgPerKwh === null ? say('carbon.curve.bySite') : formatNumber(gridFactor.kgPerKwh)}
        </Stat>
      </dl>
      <Diagram
        title={say('carbon.curve')}
        summary={bars.map((bar) => `${bar.title}: ${costText(bar.costPerTonne)} ${unit}`).join('; ')}
        heightPx={320}
        option={option}
      />
      <ul className="key carbon-curve-key">
        {(['below', 'above'] as const).map((side) => (
          <li key={side}>
            <i style={{ color: side === 'below' ? 'var(--good)' : 'var(--scope-2)' }} aria-hidden />{' '}
            {say(`carbon.curve.key.${side}`)}
          </li>
        ))}
      </ul>
      <div className="wide-table">
        <table className="carbon-table">
          <caption className="visually-hidden">{say('carbon.curve')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('carbon.curve.measure')}</th>
              <th scope="col" className="number">
                {say('carbon.curve.tYear')}
              </th>
              <th scope="col" className="number">
                {unit}
              </th>
              <th scope="col" className="number">
                {say('carbon.curve.alone')}
              </th>
              <th scope="col" className="number">
                {say('carbon.path.aYear', { unit: currency })}
              </th>
              <th scope="col" className="number">
                {say('carbon.curve.capex', { unit: currency })}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar, k) => (
              <tr key={bar.id}>
                <th scope="row">
                  <span className="scope-dot" data-below={bar.belowCarbonPrice} aria-hidden />
                  {bar.title}
                </th>
                <td className="number">{formatNumber(bar.avoidedTonnesPerYear)}</td>
                <td className="number">
                  {costText(bar.costPerTonne)}
                  {isCut(bar, heights[k]) && <small title={say('carbon.curve.cut')}> ↥</small>}
                </td>
                <td className="number">{bar.alone ? formatNumber(bar.alone.avoidedTonnesPerYear) : '–'}</td>
                <td className="number">{showMoney(bar.costPerYear, currency).text}</td>
                <td className="number">{showMoney(bar.capex, currency).text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {heights.some((height, k) => isCut(bars[k], height)) && <p className="quiet">↥ {say('carbon.curve.cut')}</p>}
      <ul className="verdict-reasons" lang="en">
        {curve.reasons.map(({ code, text }) => (
          <li key={`${code} ${text}`}>{text}</li>
        ))}
      </ul>
    </>
  )
}

/** Whether a bar is lower in the chart than what its tonne costs. */
const isCut = (bar: CurveBar | undefined, height: number | undefined): boolean =>
  bar !== undefined && bar.costPerTonne !== null && height !== bar.costPerTonne

const costText = (cost: number | null): string => (cost === null ? '–' : formatNumber(cost))
/** Tooltips of diagrams are HTML; names are text. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
