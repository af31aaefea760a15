import type { Block, Column, Row } from '../../report/index.ts'
import { printed } from './amounts.ts'
import { foreign, toneOfReading, type VerdictPage } from './verdict-page.ts'

const start = (title: string): Column => ({ title, align: 'start' })
const end = (title: string, unit?: string): Column => ({ title, align: 'end', ...(unit === undefined ? {} : { unit }) })

/** Every reading of the rules side by side. */
export function readingTable({ output, words, write, decimals, ...units }: VerdictPage): Block {
  const { columns } = words
  return {
    kind: 'table',
    id: 'reading-table',
    title: words.sections.readings,
    columns: [
      start(columns.reading),
      end(columns.emissions, units.emissionsUnit),
      end(columns.energy, units.energyUnit),
      end(columns.indicator, units.ratioUnit),
      end(columns.limit, units.ratioUnit),
      end(columns.gap, units.emissionsUnit),
      end(columns.energyGap, units.energyUnit),
      end(columns.chance, '%'),
      start(columns.result),
    ],
    rows: output.readings.map((reading, place): Row => {
      const { greenPower, coal, asked, passes, gap, chance } = reading
      const at = (field: string, shown: number, times = '1') =>
        write(`/readings/${place}/${field}`, { decimals: shown, times })
      return {
        tone: toneOfReading(reading),
        cells: [
          words.reading(greenPower, coal, asked),
          at('emissions', decimals),
          at('energy', decimals),
          at('indicator', 4),
          at('limit', 2),
          gap === null ? null : at('gap/emissions', decimals),
          gap?.energy == null ? null : at('gap/energy', decimals),
          chance === null ? null : at('chance/analytic', 1, '100'),
          words.results[passes === null ? 'open' : passes ? 'passes' : 'fails'],
        ],
      }
    }),
  }
}

/** What the emissions are made of, row by row. */
export function emissionTable({
  output,
  words,
  write,
  decimals,
  anchorsOf,
  emissionsUnit,
}: VerdictPage): readonly Block[] {
  const { columns } = words
  if (output.emissions.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'emission-table',
      title: words.sections.emissions,
      columns: [
        start(columns.part),
        start(columns.activity),
        start(columns.stated),
        end(columns.counted, emissionsUnit),
        end(columns.notCounted, emissionsUnit),
      ],
      rows: output.emissions.map(({ part, title, id, stated, factors }, place): Row => {
        const shown = { decimals, factors: anchorsOf(factors.map(keyOf)) }
        return {
          ...(part === 'total' ? { role: 'total' as const } : {}),
          cells: [
            words.parts[part] ?? part,
            `${title} (${id})`,
            printed(stated),
            write(`/emissions/${place}/counted`, shown),
            write(`/emissions/${place}/notCounted`, shown),
          ],
        }
      }),
      ...(output.none.length === 0
        ? {}
        : {
            note: output.none.flatMap(({ part, why }, place) => [
              { text: `${place === 0 ? '' : ' '}${words.parts[part] ?? part}: ` },
              { text: `${why}.`, ...foreign(words) },
            ]),
          }),
    },
  ]
}

/** The energy use, row by row. */
export function energyTable({ output, words, write, anchorsOf, energyUnit }: VerdictPage): readonly Block[] {
  const { columns } = words
  if (output.energy.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'energy-table',
      title: words.sections.energy,
      columns: [
        start(columns.activity),
        start(columns.stated),
        end(columns.calorific, energyUnit),
        end(columns.equivalent, energyUnit),
      ],
      rows: output.energy.map(({ title, id, stated, factors }, place): Row => {
        const shown = { decimals: 2, factors: anchorsOf(factors.map(keyOf)) }
        return {
          cells: [
            `${title} (${id})`,
            printed(stated),
            write(`/energy/${place}/calorific`, shown),
            write(`/energy/${place}/equivalent`, shown),
          ],
        }
      }),
    },
  ]
}

const keyOf = ({
  factor,
  value,
  unit,
}: {
  readonly factor: string
  readonly value: string
  readonly unit: string
}): string => (factor === 'own' ? `own ${value} ${unit}` : factor)

const tones = { meets: 'good', misses: 'bad', 'not-known': 'open', 'left-out': 'open' } as const

/** The other indicators against their limits. */
export function guidingTable({ output, words, write }: VerdictPage): readonly Block[] {
  const { columns } = words
  if (output.guiding.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'guiding-table',
      title: words.sections.guiding,
      columns: [start(columns.indicator), end(columns.value), end(columns.limit), start(columns.result)],
      rows: output.guiding.map(({ id, title, unit, relation, limit, result }, place): Row => {
        const shown = unit === 'level' ? words.level : unit
        return {
          tone: tones[result],
          cells: [
            words.indicators[id] ?? [{ text: title, ...foreign(words) }],
            write(`/guiding/${place}/value`, { decimals: 2, unit: shown }),
            `${words.relations[relation]} ${limit} ${shown}`,
            words.results[result],
          ],
        }
      }),
    },
  ]
}

/** What has to be held against its document. */
export function verifyTable({ output, words }: VerdictPage): readonly Block[] {
  const english = foreign(words)
  if (output.verify.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'verify-table',
      title: words.sections.verify,
      columns: [start(words.columns.rests), start(words.columns.why)],
      rows: output.verify.map(({ what, why }) => ({
        cells: [[{ text: what, ...english }], [{ text: why, ...english }]],
      })),
    },
  ]
}
