import { formatNumber } from '../format/numbers.ts'
import { daysText } from '../format/periods.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words/words.ts'
import type { Inventory, InventoryLine } from './carbon-queries.ts'
import { printed } from './carbon-text.ts'

interface RowDrawerProps {
  readonly inventory: Inventory
  readonly line: InventoryLine
  /** Run of the inventory. */
  readonly run: string
  onClose(): void
}

/** One row of an inventory: what was used, where that is written, and each factor with its document. */
export function RowDrawer({ inventory, line, run, onClose }: RowDrawerProps) {
  const { say, language } = useWords()
  const place = inventory.lines?.indexOf(line) ?? -1
  const factors = line.factors.flatMap((id) => inventory.factors.filter(({ factor }) => factor === id).slice(0, 1))
  const metered = inventory.metered.find(({ id }) => id === line.id)
  return (
    <Dialog shape="drawer" title={line.id} onClose={onClose}>
      <p className="carbon-row-mass">
        <Sourced from={{ kind: 'run', run, title: line.id, path: ['lines', place, 'massKgCo2e'] }}>
          <strong>{formatNumber(Number(line.massKgCo2e) / 1000)}</strong> <span className="unit">t CO₂e</span>
        </Sourced>
        <small>{line.massKgCo2e} kg</small>
      </p>
      <dl className="carbon-facts">
        <Fact term={say('carbon.row.activity')}>
          {line.activity}
          {line.subject && ` · ${line.subject}`}
        </Fact>
        {line.amount !== undefined && (
          <Fact term={say('carbon.row.amount')}>
            {formatNumber(Number(line.amount))} <span className="unit">{line.unit}</span>
          </Fact>
        )}
        {line.from !== undefined && (
          <Fact term={say('carbon.row.time')}>
            {line.to === undefined ? line.from : daysText(line.from, line.to, language)}
          </Fact>
        )}
        <Fact term={say('carbon.row.source')}>
          {line.meter ? (
            <code>{line.meter}</code>
          ) : line.file ? (
            say('carbon.row.file', { file: line.file, line: line.line ?? 0 })
          ) : (
            say('carbon.row.stated')
          )}
        </Fact>
        {metered && (
          <Fact term={say('carbon.row.coverage')}>
            {formatNumber(100 * metered.coverage, 3)} % ·{' '}
            {say('carbon.row.estimated', { share: formatNumber(100 * metered.estimatedShare, 3) })}
          </Fact>
        )}
        <Fact term={say('carbon.row.uncertainty')}>
          {line.relative === undefined ? '–' : `± ${formatNumber(100 * line.relative, 3)} %`}
        </Fact>
        <Fact term={say('carbon.row.quality')}>
          {line.score === undefined ? '–' : say('carbon.row.score', { score: line.score })}
        </Fact>
        <Fact term={say('carbon.rows')}>{line.rows}</Fact>
      </dl>
      <h3>{say('carbon.row.factors')}</h3>
      <ol className="carbon-row-factors">
        {factors.map((factor) => (
          <li key={factor.factor}>
            <span className="carbon-row-factor">
              <strong>{factor.value}</strong> <span className="unit">{factor.unit === '1' ? '' : factor.unit}</span>
              {factor.gas && ` ${printed(factor.gas)}`} <code>{factor.factor}</code>
            </span>
            <span>
              {factor.document}
              {factor.table && `, ${factor.table}`}
            </span>
            {factor.verify !== undefined && (
              <span>
                <span className="verify-mark">{say('claims.verify')}</span> {factor.verify}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  )
}

const Fact = ({ term, children }: { readonly term: string; readonly children: React.ReactNode }) => (
  <div>
    <dt>{term}</dt>
    <dd>{children}</dd>
  </div>
)
