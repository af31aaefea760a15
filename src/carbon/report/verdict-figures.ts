import type { Amount, Block } from '../../report/index.ts'
import { toldAmount } from './report-of.ts'
import { toneOfReading, type VerdictPage } from './verdict-page.ts'

/** At most so many dials; readings that give the same are drawn once. */
const mostDials = 4

/** A dial for each reading that counts and has a limit. */
export function dialFigures({ output, words, write, language, ratioUnit }: VerdictPage): readonly Block[] {
  const seen = new Set<string>()
  return output.readings
    .flatMap((reading, place): readonly Block[] => {
      const { asked, indicator, limit, greenPower, coal, chance, passes } = reading
      const key = `${indicator} ${limit}`
      if (!asked || indicator === null || limit === null || seen.has(key)) return []
      seen.add(key)
      const at = (field: string, decimals: number): Amount | null => write(`/readings/${place}/${field}`, { decimals })
      const [amount, edge] = [at('indicator', 4), at('limit', 2)]
      if (!amount || !edge) return []
      const [low, high] = [at('chance/interval/low', 3), at('chance/interval/high', 3)]
      const title = words.figures.dial(words.reading(greenPower, coal, true))
      const result = words.results[passes === null ? 'open' : passes ? 'passes' : 'fails']
      return [
        {
          kind: 'figure',
          id: `dial-${place + 1}`,
          title,
          description: words.described(title, [
            `${words.columns.indicator} ${toldAmount({ ...amount, unit: ratioUnit }, language)}`,
            `${words.columns.limit} ${toldAmount({ ...edge, unit: ratioUnit }, language)}`,
            ...(chance === null || !low || !high
              ? []
              : [`${words.figures.spread} ${toldAmount(low, language)} – ${toldAmount(high, language)}`]),
            result,
          ]),
          chart: {
            ...{ kind: 'dial', unit: ratioUnit, amount, limit: edge, limitLabel: words.columns.limit, passes: 'below' },
            ...(chance !== null && low && high ? { interval: { low, high, label: words.figures.spread } } : {}),
            ...{ tone: toneOfReading(reading), caption: result },
          },
        },
      ]
    })
    .slice(0, mostDials)
}

/** What is emitted by what, largest first. */
export function partsFigure({
  output,
  words,
  write,
  decimals,
  language,
  emissionsUnit,
}: VerdictPage): readonly Block[] {
  const bars = output.emissions
    .flatMap(({ part, title }, place) => {
      const amount = write(`/emissions/${place}/counted`, { decimals })
      const name = words.parts[part] ?? part
      return amount === null || part === 'total'
        ? []
        : [{ label: `${name}: ${title}`, amount, colour: colours[part] ?? 5 }]
    })
    .sort((a, b) => Number(b.amount.value) - Number(a.amount.value))
  if (bars.length === 0) return []
  return [
    {
      kind: 'figure',
      id: 'parts-figure',
      title: words.figures.parts,
      description: words.described(
        words.figures.parts,
        bars.map(({ label, amount }) => `${label} ${toldAmount({ ...amount, unit: emissionsUnit }, language)}`),
      ),
      chart: { kind: 'bars', unit: emissionsUnit, bars },
    },
  ]
}

const colours: Readonly<Record<string, number>> = { electricity: 0, fuel: 1, heat: 4, process: 2, transformation: 3 }
