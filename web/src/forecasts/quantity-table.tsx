import { formatNumber } from '../format/numbers.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Figure, Value } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import { tokenOf } from './compared-spec.ts'
import type { Lead, Quality, Quantity } from './forecast-queries.ts'
import { verdictOf } from './quality-verdict.ts'

interface QuantityTableProps {
  readonly quality: Quality
  readonly lead: number
  readonly chosen: string | undefined
  onChoose(ref: string): void
}

interface Row {
  readonly quantity: Quantity
  readonly lead: Lead
}

/** Every quantity at one lead: a sentence, and the figures behind it. */
export function QuantityTable({ quality, lead, chosen, onChoose }: QuantityTableProps) {
  const { say } = useWords()
  const rows = quality.quantities.flatMap((quantity): readonly Row[] => {
    const found = quantity.leads.find(({ leadHours }) => leadHours === lead)
    return found ? [{ quantity, lead: found }] : []
  })
  const columns: readonly Column<Row>[] = [
    {
      id: 'quantity',
      title: say('forecasts.quantity'),
      sortBy: ({ quantity }) => quantity.title,
      cell: ({ quantity }) => (
        <button
          type="button"
          className="forecasts-choose"
          aria-pressed={quantity.ref === chosen}
          title={quantity.ref}
          onClick={() => onChoose(quantity.ref)}
        >
          <i style={{ background: `var(--${tokenOf(quantity)})` }} aria-hidden />
          <span>{quantity.title}</span>
          <small>{say(`forecasts.what.${quantity.what}`)}</small>
        </button>
      ),
    },
    {
      id: 'says',
      title: say('forecasts.says'),
      cell: (row) => <VerdictSays {...row} />,
    },
    {
      id: 'bias',
      title: say('forecasts.bias'),
      numeric: true,
      sortBy: ({ lead: one }) => one.bias ?? undefined,
      cell: ({ quantity, lead: one }) => <Value value={one.bias ?? undefined} unit={quantity.unit} />,
    },
    {
      id: 'mae',
      title: say('forecasts.mae'),
      numeric: true,
      sortBy: ({ lead: one }) => one.mae ?? undefined,
      cell: ({ quantity, lead: one }) => <Value value={one.mae ?? undefined} unit={quantity.unit} />,
    },
    {
      id: 'nmae',
      title: say('forecasts.nmae'),
      numeric: true,
      sortBy: ({ lead: one }) => one.nmae ?? undefined,
      cell: ({ lead: one }) => <Value value={one.nmae ?? undefined} unit="1" />,
    },
    {
      id: 'rmse',
      title: say('forecasts.rmse'),
      numeric: true,
      sortBy: ({ lead: one }) => one.rmse ?? undefined,
      cell: ({ quantity, lead: one }) => <Value value={one.rmse ?? undefined} unit={quantity.unit} />,
    },
    ...(['persistence', 'dayBefore', 'daysAlike'] as const).map(
      (reference): Column<Row> => ({
        id: reference,
        title: <span title={say(`forecasts.skillWhy.${reference}`)}>{say(`forecasts.skill.${reference}`)}</span>,
        numeric: true,
        sortBy: ({ lead: one }) => one.skill[reference] ?? undefined,
        cell: ({ lead: one }) => <Skill value={one.skill[reference]} />,
      }),
    ),
    ...(rows.some(({ lead: one }) => one.coverage !== null)
      ? [
          {
            id: 'coverage',
            title: say('forecasts.coverage'),
            numeric: true,
            sortBy: ({ lead: one }: Row) => one.coverage ?? undefined,
            cell: ({ lead: one }: Row) => <Value value={one.coverage ?? undefined} unit="1" />,
          },
        ]
      : []),
    {
      id: 'pairs',
      title: say('forecasts.pairs'),
      numeric: true,
      sortBy: ({ lead: one }) => one.pairs,
      cell: ({ lead: one }) => <Figure text={formatNumber(one.pairs)} unit="" />,
    },
  ]
  return (
    <div className="forecasts-table">
      <DataTable
        caption={say('forecasts.quantities')}
        columns={columns}
        rows={rows}
        keyOf={({ quantity }) => quantity.ref}
        empty=""
      />
    </div>
  )
}

/** Better than the reference, or not: a sign and a word beside the colour. */
function Skill({ value }: { readonly value: number | null }) {
  const { say } = useWords()
  if (value === null) return <span className="figure">–</span>
  const better = value > 0
  return (
    <span className="forecasts-skill" data-better={better} title={say(better ? 'forecasts.better' : 'forecasts.worse')}>
      <span aria-hidden>{better ? '▲' : '▼'}</span> <Value value={value} unit="1" />
    </span>
  )
}

export function VerdictSays({ lead }: { readonly lead: Lead }) {
  const { say } = useWords()
  const verdict = verdictOf(lead)
  const percent = (share: number): string => formatNumber(share * 100, 2)
  switch (verdict.kind) {
    case 'tooFew':
      return <span className="quiet">{say('forecasts.tooFew', { pairs: verdict.pairs })}</span>
    case 'exact':
      return say('forecasts.exact')
    case 'even':
      return verdict.share === undefined
        ? say('forecasts.evenNothing')
        : say('forecasts.even', { percent: percent(verdict.share) })
    default:
      return say(`forecasts.${verdict.kind}.${verdict.part}`, { percent: percent(verdict.share) })
  }
}
