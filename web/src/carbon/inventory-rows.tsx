import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { Segmented } from '../ui/segmented.tsx'
import { type UsedWords, useWords } from '../words/words.ts'
import { type Inventory, type InventoryLine, type ViewName, viewNames } from './carbon-queries.ts'
import { uncertainTonnes } from './carbon-text.ts'
import { type InventoryNode, inventoryTree } from './inventory-tree.ts'
import { RowDrawer } from './row-drawer.tsx'

interface InventoryRowsProps {
  readonly inventory: Inventory
  readonly run: string
  /** Parts that stand open. */
  readonly open: ReadonlySet<string>
  onToggle(id: string): void
}

/** The inventory as a standard sorts it: each part opens, down to the row and where its amount is written. */
export function InventoryRows({ inventory, run, open, onToggle }: InventoryRowsProps) {
  const { say, knows } = useWords()
  const [view, setView] = useState<ViewName>('ghg-protocol')
  const [chosen, setChosen] = useState<InventoryLine>()
  const [withEmpty, setWithEmpty] = useState(false)
  const all = inventoryTree(inventory, view)
  const told = all.filter(({ kg }) => kg !== undefined)
  const nodes = withEmpty ? all : told
  const there = viewNames.filter((name) => name === 'ghg-protocol' || inventory.views?.some((one) => one.view === name))
  // Scopes are the rows of that view already.
  const totals = (inventory.views?.find((one) => one.view === view)?.totals ?? []).filter(
    ({ code }) => !code.startsWith('scope-'),
  )
  const totalTitle = ({ code, title }: (typeof totals)[number]): string => {
    const key = `carbon.total.${view}.${code}`
    return knows(key) ? say(key) : title
  }
  const source = inventory.views?.find((one) => one.view === view)?.source
  const largest = Math.max(...nodes.map(({ kg }) => kg ?? 0), Number.MIN_VALUE)
  return (
    <section className="carbon-rows" aria-label={say('carbon.breakdown')}>
      {there.length > 1 && (
        <Segmented
          label={say('carbon.view')}
          options={there.map((id) => ({ id, title: say(`carbon.view.${id}`) }))}
          value={view}
          onChange={(one) => setView(one)}
        />
      )}
      <div className="wide-table">
        <table className="carbon-table carbon-tree">
          <caption className="visually-hidden">{say('carbon.breakdown')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('carbon.part')}</th>
              <th scope="col" className="number">
                t CO₂e
              </th>
              <th scope="col" className="number">
                ± (95 %)
              </th>
              <th scope="col" className="number">
                {say('carbon.row.amount')}
              </th>
              <th scope="col">{say('carbon.row.source')}</th>
              <th scope="col" className="number">
                {say('carbon.row.quality')}
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.flatMap((node) => (
              <NodeRows
                key={node.id}
                {...{ node, depth: 0, open, onToggle, largest }}
                onRow={setChosen}
                score={scoreOf(inventory, node)}
              />
            ))}
          </tbody>
          {totals.length > 0 && (
            <tfoot>
              {totals.map((total) => (
                <tr key={total.code}>
                  <th scope="row">{totalTitle(total)}</th>
                  <td className="number">
                    <strong>{formatNumber(Number(total.massKgCo2e) / 1000)}</strong>
                  </td>
                  <td colSpan={4} />
                </tr>
              ))}
            </tfoot>
          )}
        </table>
      </div>
      {told.length < all.length && (
        <button type="button" className="button small carbon-empty-places" onClick={() => setWithEmpty(!withEmpty)}>
          {say(withEmpty ? 'carbon.places.hide' : 'carbon.places.show', { number: all.length - told.length })}
        </button>
      )}
      {source && (
        <p className="quiet carbon-source" lang="en">
          {source}
        </p>
      )}
      {chosen && <RowDrawer inventory={inventory} line={chosen} run={run} onClose={() => setChosen(undefined)} />}
    </section>
  )
}

const scoreOf = ({ totals }: Inventory, { name }: InventoryNode): number | undefined =>
  name.kind === 'scope' && name.scope === 2
    ? (totals.find(({ scope, method }) => scope === 2 && method === name.method)?.score ?? undefined)
    : undefined

interface NodeRowsProps {
  readonly node: InventoryNode
  readonly depth: number
  readonly open: ReadonlySet<string>
  readonly largest: number
  readonly score?: number | undefined
  onToggle(id: string): void
  onRow(line: InventoryLine): void
}

function NodeRows({ node, depth, open, largest, score, onToggle, onRow }: NodeRowsProps) {
  const words = useWords()
  const { name, kg, halfWidthKg, children, scope } = node
  const isOpen = open.has(node.id)
  const line = name.kind === 'row' ? name.line : undefined
  const title = nodeTitle(node, words)
  const quality = line?.score ?? score
  return (
    <>
      <tr data-depth={depth}>
        <th scope="row">
          <span className="carbon-node" style={{ paddingInlineStart: depth * 20 }}>
            {children.length > 0 ? (
              <button type="button" className="carbon-open" aria-expanded={isOpen} onClick={() => onToggle(node.id)}>
                <ChevronRight size={14} aria-hidden />
                {depth === 0 && (
                  <i className="scope-dot" style={{ background: `var(--scope-${scope ?? 3})` }} aria-hidden />
                )}
                <span title={title}>{title}</span>
              </button>
            ) : line ? (
              <button type="button" className="carbon-open carbon-leaf" onClick={() => onRow(line)}>
                <span title={title}>{title}</span>
              </button>
            ) : (
              <span className="carbon-open carbon-none" title={title}>
                <i />
                {title}
              </span>
            )}
          </span>
        </th>
        <td className="number">
          {kg === undefined ? (
            '–'
          ) : (
            <span className="carbon-mass">
              {depth === 0 && (
                <i
                  style={{ width: `${(56 * kg) / largest}px`, background: `var(--scope-${scope ?? 3})` }}
                  aria-hidden
                />
              )}
              {formatNumber(kg / 1000)}
            </span>
          )}
        </td>
        <td className="number">{halfWidthKg > 0 ? uncertainTonnes(halfWidthKg) : '–'}</td>
        <td className="number">
          {line?.amount === undefined ? (
            <small>{words.say('carbon.rowsCount', { number: node.rows })}</small>
          ) : (
            <>
              {formatNumber(Number(line.amount))} <span className="unit">{line.unit}</span>
            </>
          )}
        </td>
        <td className="carbon-origin">
          {line && (line.meter ?? (line.file ? `${line.file}:${line.line}` : ''))}
          {name.kind === 'place' && name.why && <small lang="en">{name.why}</small>}
        </td>
        <td className="number">{quality === undefined ? '–' : formatNumber(quality, 2)}</td>
      </tr>
      {isOpen &&
        children.map((child) => (
          <NodeRows key={child.id} node={child} depth={depth + 1} {...{ open, largest, onToggle, onRow }} />
        ))}
    </>
  )
}

/** How a part is named for people. */
export function nodeTitle({ name }: InventoryNode, { say, knows }: Pick<UsedWords, 'say' | 'knows'>): string {
  switch (name.kind) {
    case 'scope':
      return [say('carbon.scope', { scope: name.scope }), name.method && say(`carbon.method.${name.method}`)]
        .filter(Boolean)
        .join(', ')
    case 'category': {
      if (name.scope === 3) {
        const title = `carbon.scope3.${name.category}`
        return `${name.category} ${knows(title) ? say(title) : ''}`.trim()
      }
      const key = `carbon.category.${name.category}`
      return knows(key) ? say(key) : name.category
    }
    case 'place': {
      const key = `carbon.iso.${name.code}`
      return `${name.code}  ${knows(key) ? say(key) : name.title}`
    }
    case 'row':
      return [name.line.id, name.line.subject ?? name.line.activity].join(' · ')
  }
}
