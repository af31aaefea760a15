import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { type UsedWords, useWords } from '../words/words.ts'
import { type Inventory, useOutput, useRunsOf } from './carbon-queries.ts'
import { printed } from './carbon-text.ts'
import { type InventoryBar, inventoryBars, type Segment } from './inventory-bars.ts'
import { InventoryForm } from './inventory-form.tsx'
import { RunChoice } from './run-choice.tsx'

export const accountEngine = 'carbon.account'

/** Greenhouse gases by scope and category, by location and by market side by side, with the energy in tce. */
export function InventorySection({ site, zone }: { readonly site: string; readonly zone: string }) {
  const { say } = useWords()
  const runs = useRunsOf(site, accountEngine)
  const [chosen, setChosen] = useState<string>()
  const id = chosen ?? runs.data?.[0]?.id
  const output = useOutput<Inventory>(id)
  const error = runs.error ?? output.error
  return (
    <section className="carbon-section" aria-labelledby="inventory-title">
      <header>
        <h2 id="inventory-title">{say('carbon.inventory')}</h2>
        {runs.data && id !== undefined && <RunChoice runs={runs.data} id={id} zone={zone} onChoose={setChosen} />}
      </header>
      {error ? (
        <Failure error={error} retry={() => void runs.refetch()} />
      ) : output.data ? (
        <Accounted inventory={output.data} />
      ) : runs.data?.length === 0 ? (
        <p className="carbon-empty">{say('carbon.noInventory')}</p>
      ) : (
        <Skeleton height={280} />
      )}
      <InventoryForm site={site} open={runs.data?.length === 0} onAccounted={() => setChosen(undefined)} />
    </section>
  )
}

const tonnes = (kg: number): string => formatNumber(kg / 1000)

function Accounted({ inventory }: { readonly inventory: Inventory }) {
  const { say } = useWords()
  const { period, gwpSet, energy, name } = inventory
  const bars = inventoryBars(inventory)
  return (
    <>
      <p className="quiet">
        {name} · {say('carbon.period', { from: period.from, to: period.to })} · GWP {gwpSet}
      </p>
      <div className="inventory">
        <div className="inventory-bars">
          {bars.map((bar) => (
            <Bar key={bar.method} bar={bar} alone={bars.length === 1} />
          ))}
          <ul className="key">
            {[...new Set(bars.flatMap(({ segments }) => segments.map(({ scope }) => scope)))].map((scope) => (
              <li key={scope}>
                <i style={{ color: `var(--scope-${scope})` }} aria-hidden /> {say('carbon.scope', { scope })}
              </li>
            ))}
          </ul>
        </div>
        <dl className="inventory-energy">
          <dt className="inventory-energy-title">{say('carbon.energy')}</dt>
          <div>
            <dt>{say('carbon.coal.calorific')}</dt>
            <dd>
              <strong>{formatNumber(Number(energy.calorificTce))}</strong> <span className="unit">tce</span>
            </dd>
          </div>
          <div>
            <dt>{say('carbon.coal.equivalent')}</dt>
            <dd>
              <strong>{energy.equivalentTce === null ? '–' : formatNumber(Number(energy.equivalentTce))}</strong>{' '}
              <span className="unit">tce</span>
            </dd>
          </div>
        </dl>
      </div>
      <Categories bars={bars} />
      <Pedigree inventory={inventory} />
    </>
  )
}

function Bar({ bar, alone }: { readonly bar: InventoryBar; readonly alone: boolean }) {
  const words = useWords()
  const { say } = words
  const title = alone ? say('carbon.all') : say(`carbon.method.${bar.method}`)
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
              ± {tonnes(bar.halfWidthKg)} {say('carbon.ofShare', { share: formatNumber(100 * bar.uncertainShare, 3) })}
            </small>
          )}
        </span>
      </figcaption>
      <div className="bar-track" role="img" aria-label={`${title}: ${said}`}>
        {bar.segments.map((segment, k) => (
          <span
            key={segment.key}
            data-alternate={k > 0 && bar.segments[k - 1]?.scope === segment.scope && k % 2 === 1}
            style={{ width: `${100 * segment.share}%`, background: `var(--scope-${segment.scope})` }}
            title={`${nameOf(segment, words)}: ${tonnes(segment.kg)} t CO₂e`}
          />
        ))}
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

/** Every part once, scope 2 by both methods. */
function Categories({ bars }: { readonly bars: readonly InventoryBar[] }) {
  const words = useWords()
  const { say } = words
  const rows = bars
    .flatMap(({ segments }) => segments)
    .filter(({ total }, k, all) => all.findIndex((one) => one.total === total) === k)
    .toSorted((a, b) => a.scope - b.scope || b.kg - a.kg)
  return (
    <div className="wide-table">
      <table className="carbon-table">
        <thead>
          <tr>
            <th scope="col">{say('carbon.part')}</th>
            <th scope="col" className="number">
              t CO₂e
            </th>
            <th scope="col" className="number">
              ±
            </th>
            <th scope="col">{say('carbon.gases')}</th>
            <th scope="col" className="number">
              {say('carbon.rows')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((segment) => {
            const { total } = segment
            return (
              <tr key={`${segment.key} ${total.method ?? ''}`}>
                <th scope="row">
                  <i className="scope-dot" style={{ background: `var(--scope-${segment.scope})` }} aria-hidden />
                  {nameOf(segment, words)}
                  {total.method && `, ${say(`carbon.method.${total.method}`)}`}
                </th>
                <td className="number" title={`${total.massKgCo2e} kg`}>
                  {tonnes(segment.kg)}
                </td>
                <td className="number">{total.halfWidthKg > 0 ? tonnes(total.halfWidthKg) : '–'}</td>
                <td className="gases">
                  {Object.entries(total.gasesKg)
                    .map(([gas, kg]) => `${printed(gas)} ${formatNumber(Number(kg))} kg`)
                    .join(' · ')}
                  {total.biogenicKgCo2 !== undefined &&
                    ` · ${say('carbon.biogenic', { kg: formatNumber(Number(total.biogenicKgCo2)) })}`}
                </td>
                <td className="number">{total.rows}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** What stood in, what is second-hand, and every factor with its document. */
function Pedigree({ inventory: { factors, warnings } }: { readonly inventory: Inventory }) {
  const { say } = useWords()
  const toVerify = factors.filter(({ verify }) => verify !== undefined)
  const others = warnings.filter((warning) => !warning.includes(' is to be verified: '))
  return (
    <>
      {others.length > 0 && (
        <ul className="carbon-warnings" lang="en" aria-label={say('state.warning')}>
          {others.map((warning) => (
            <li key={warning}>
              <span aria-hidden>▲</span> {warning}
            </li>
          ))}
        </ul>
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
