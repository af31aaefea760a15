import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { daysText } from '../format/periods.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWidth } from '../ui/use-width.ts'
import { runAbout } from '../verify/run-about.ts'
import { type UsedWords, useWords } from '../words/words.ts'
import { type Inventory, mostNamedRuns, useOutput, useOutputs, useRunsOf } from './carbon-queries.ts'
import { printed, uncertainTonnes } from './carbon-text.ts'
import { alikeWarnings, type InventoryBar, inventoryBars, type Segment } from './inventory-bars.ts'
import { InventoryForm } from './inventory-form.tsx'
import { InventoryRows } from './inventory-rows.tsx'
import { onePerPeriod } from './inventory-tree.ts'
import { RunChoice } from './run-choice.tsx'
import { StartYear } from './start-year.tsx'
import { toggled } from './toggled.ts'
import { YearComparison } from './year-comparison.tsx'

export const accountEngine = 'carbon.account'

/** Greenhouse gases by scope and category, by location and by market side by side, with the energy in tce. */
export function InventorySection({ site, zone }: { readonly site: string; readonly zone: string }) {
  const { say, language } = useWords()
  const runs = useRunsOf(site, accountEngine)
  const [chosen, setChosen] = useState<string>()
  const id = chosen ?? runs.data?.[0]?.id
  const output = useOutput<Inventory>(id)
  const newest = useOutputs<Inventory>((runs.data ?? []).slice(0, mostNamedRuns).map((one) => one.id))
  const about = new Map(newest.map((one) => [one.id, runAbout(one.output, language)]))
  const error = runs.error ?? output.error
  return (
    <section className="carbon-section" aria-labelledby="inventory-title">
      <header>
        <h2 id="inventory-title">{say('carbon.inventory')}</h2>
        {runs.data && id !== undefined && <RunChoice runs={runs.data} {...{ id, zone, about }} onChoose={setChosen} />}
      </header>
      {error ? (
        <Failure error={error} retry={() => void runs.refetch()} />
      ) : output.data ? (
        <Accounted key={id} inventory={output.data} run={id ?? ''} newest={newest.map((one) => one.output)} />
      ) : runs.data?.length === 0 ? (
        <div className="carbon-empty">
          <p>{say('carbon.noInventory')}</p>
          <StartYear site={site} zone={zone} />
        </div>
      ) : (
        <Skeleton height={280} />
      )}
      <InventoryForm site={site} open={runs.data?.length === 0} onAccounted={() => setChosen(undefined)} />
    </section>
  )
}

const tonnes = (kg: number): string => formatNumber(kg / 1000)

interface AccountedProps {
  readonly inventory: Inventory
  readonly run: string
  /** Newest first. */
  readonly newest: readonly Inventory[]
}

function Accounted({ inventory, run, newest }: AccountedProps) {
  const { say, language } = useWords()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const years = onePerPeriod(newest.map((output) => ({ output })))
  const toggle = (id: string): void => setOpen(toggled(open, id))
  /** A piece of the bar opens its place in the table. */
  const show = ({ scope, category, total }: Segment): void => {
    const parts = [
      `scope ${scope} ${total.method ?? ''}`,
      ...(category === undefined ? [] : [`category ${scope} ${category}`]),
    ]
    setOpen(new Set([...open, ...parts]))
    requestAnimationFrame(() => document.querySelector('.carbon-tree')?.scrollIntoView({ block: 'nearest' }))
  }
  const { period, gwpSet, energy, name } = inventory
  const bars = inventoryBars(inventory)
  return (
    <>
      <p className="quiet">
        {name} · {daysText(period.from, period.to, language)} · GWP100 {gwpSet}
      </p>
      <div className="inventory">
        <div className="inventory-bars">
          {bars.map((bar) => (
            <Bar key={bar.method} bar={bar} alone={bars.length === 1} onChoose={show} />
          ))}
          <ul className="key">
            {[...new Set(bars.flatMap(({ segments }) => segments.map(({ scope }) => scope)))].map((scope) => (
              <li key={scope}>
                <i style={{ color: `var(--scope-${scope})` }} aria-hidden /> {say('carbon.scope', { scope })}
              </li>
            ))}
          </ul>
        </div>
        <div className="inventory-energy">
          <p className="inventory-energy-title">{say('carbon.energy')}</p>
          <dl>
            <dt>{say('carbon.coal.calorific')}</dt>
            <dd>
              <strong>{formatNumber(Number(energy.calorificTce))}</strong> <span className="unit">tce</span>
            </dd>
          </dl>
          <dl>
            <dt>{say('carbon.coal.equivalent')}</dt>
            <dd>
              <strong>{energy.equivalentTce === null ? '–' : formatNumber(Number(energy.equivalentTce))}</strong>{' '}
              <span className="unit">tce</span>
            </dd>
          </dl>
        </div>
      </div>
      <InventoryRows inventory={inventory} run={run} open={open} onToggle={toggle} />
      {years.length > 1 && <YearComparison inventories={years.map(({ output }) => output)} />}
      <Pedigree inventory={inventory} />
    </>
  )
}

interface BarProps {
  readonly bar: InventoryBar
  readonly alone: boolean
  onChoose(segment: Segment): void
}

/** WCAG 2.2, 2.5.8. */
const leastTargetPx = 24

function Bar({ bar, alone, onChoose }: BarProps) {
  const [track, widthPx] = useWidth<HTMLDivElement>()
  const words = useWords()
  const { say } = words
  const title = say(alone ? 'carbon.all' : `carbon.total.ghg-protocol.total-${bar.method}`)
  const said = bar.segments.map((segment) => `${nameOf(segment, words)} ${tonnes(segment.kg)} t`).join(', ')
  return (
    <figure className="inventory-bar">
      <figcaption>
        <span>{title}</span>
        <span>
          <strong>{tonnes(bar.kg)}</strong> <span className="unit">t CO₂e</span>
          {bar.halfWidthKg > 0 && (
            <small>
              {' '}
              ± {uncertainTonnes(bar.halfWidthKg)}{' '}
              {say('carbon.ofShare', { share: formatNumber(100 * bar.uncertainShare, 3) })}
            </small>
          )}
        </span>
      </figcaption>
      <p className="visually-hidden" role="img" aria-label={`${title}: ${said}`} />
      <div className="bar-track" ref={track}>
        {bar.segments.map((segment, k) => {
          const text = `${nameOf(segment, words)}: ${tonnes(segment.kg)} t CO₂e`
          const look = {
            title: text,
            'data-alternate': k > 0 && bar.segments[k - 1]?.scope === segment.scope && k % 2 === 1,
            style: { width: `${100 * segment.share}%`, background: `var(--scope-${segment.scope})` },
          }
          // What is too small to be hit stands in the rows below.
          return segment.share * widthPx < leastTargetPx ? (
            <span key={segment.key} {...look} />
          ) : (
            <button
              type="button"
              key={segment.key}
              {...look}
              aria-label={`${text}. ${say('carbon.openPart')}`}
              onClick={() => onChoose(segment)}
            />
          )
        })}
      </div>
    </figure>
  )
}

type Words = Pick<UsedWords, 'say' | 'knows'>

function nameOf({ scope, category }: Pick<Segment, 'scope' | 'category'>, { say, knows }: Words): string {
  if (category === undefined) return say('carbon.scope', { scope })
  if (scope === 3) return say('carbon.category3', { category })
  const key = `carbon.category.${category}`
  return `${say('carbon.scope', { scope })}, ${knows(key) ? say(key) : category}`
}

/** What stood in, what is second-hand, and every factor with its document. */
function Pedigree({ inventory: { factors, warnings } }: { readonly inventory: Inventory }) {
  const { say } = useWords()
  const toVerify = factors.filter(({ verify }) => verify !== undefined)
  const others = alikeWarnings(warnings.filter((warning) => !warning.includes(' is to be verified: ')))
  return (
    <>
      {others.length > 0 && (
        <details className="carbon-verify" open={others.length <= 4 || undefined}>
          <summary>{say('carbon.standsIn', { number: others.length })}</summary>
          <ul className="carbon-warnings" lang="en">
            {others.map(({ text, times }) => (
              <li key={text}>
                <span aria-hidden>▲</span> {text} {times > 1 && <small className="quiet">× {times}</small>}
              </li>
            ))}
          </ul>
        </details>
      )}
      <details className="carbon-verify" open={toVerify.length > 0 && toVerify.length <= 4}>
        <summary>
          {say('carbon.factors', { number: factors.length })}
          {toVerify.length > 0 && (
            <>
              {' '}
              <span className="verify-mark">
                {toVerify.length} {say('claims.verify')}
              </span>
            </>
          )}
        </summary>
        <dl>
          {factors.map(({ factor, value, unit, gas, document, table, verify }) => (
            <div key={factor}>
              <dt>
                <code>{factor}</code> {value} {unit !== '1' && unit} {gas && printed(gas)}
                {verify !== undefined && <span className="verify-mark">{say('claims.verify')}</span>}
              </dt>
              <dd>
                {document}
                {table && `, ${table}`}
                {verify !== undefined && <em> {verify}</em>}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  )
}
