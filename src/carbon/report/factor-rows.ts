import type { Block, Row } from '../../report/index.ts'
import { printed } from './amounts.ts'
import type { CarbonWords } from './words/index.ts'

/** What reports tell of a factor; fields that a result does not have are left open. */
export interface ToldFactor {
  readonly factor: string
  readonly value: string
  readonly unit: string
  readonly subject?: string
  readonly gas?: string
  readonly document: string
  readonly table?: string
  readonly validFrom?: string
  readonly validTo?: string
  readonly licence?: string
  readonly attribution?: string
  readonly verify?: string
  /** Place of its value in the output. */
  readonly pointer: string
}

/** Every factor of a report once, numbered in the order of their use. */
export interface FactorRows {
  readonly told: readonly ToldFactor[]
  /** Anchors of factors by id; those that are not in the table are left out. */
  anchorsOf(ids: readonly string[]): readonly string[]
  blocks(words: CarbonWords): readonly Block[]
}

/** @param factors in the order of their use; the same one may come again */
export function factorRows(factors: readonly ToldFactor[]): FactorRows {
  const key = ({ factor, value, unit }: ToldFactor): string => (factor === 'own' ? `own ${value} ${unit}` : factor)
  const told = [...new Map(factors.toReversed().map((one) => [key(one), one])).values()].toReversed()
  const anchors = new Map(told.map((one, place) => [key(one), `factor-${place + 1}`]))
  return {
    told,
    anchorsOf: (ids) => [...new Set(ids.flatMap((id) => anchors.get(id) ?? []))],
    blocks(words) {
      if (told.length === 0) return []
      const { columns } = words
      const english = words.foreign === undefined ? {} : { lang: words.foreign }
      const rows = told.map((one, place): Row => {
        const { factor, value, unit, subject, gas, pointer, verify } = one
        const of = [subject, gas].filter((name) => name !== undefined).map(printed)
        const source = [
          ...[one.document, one.table, one.attribution].filter((text) => text !== undefined),
          ...(one.licence === undefined ? [] : [`${columns.licence}: ${one.licence}`]),
        ]
        return {
          id: `factor-${place + 1}`,
          cells: [
            `[${place + 1}]`,
            of.length === 0 ? factor : `${factor} (${[...new Set(of)].join(', ')})`,
            /^-?\d+(\.\d+)?$/.test(value)
              ? { value, decimals: value.split('.')[1]?.length ?? 0, unit: printed(unit), from: [{ pointer }] }
              : `${value} ${unit}`,
            [{ text: source.join('; '), ...english }],
            one.validFrom === undefined
              ? null
              : `${one.validFrom}\u00a0–${one.validTo === undefined ? '' : ` ${one.validTo}`}`,
            verify === undefined ? words.noVerify : [{ text: '○ ' }, { text: verify, ...english }],
          ],
        }
      })
      const column = (title: string) => ({ title, align: 'start' as const })
      return [
        {
          kind: 'table',
          id: 'factor-table',
          title: words.sections.factors,
          columns: [
            column(columns.number),
            column(columns.factor),
            { title: columns.value, align: 'end' },
            column(columns.source),
            column(columns.valid),
            column(columns.verify),
          ],
          rows,
        },
      ]
    },
  }
}
