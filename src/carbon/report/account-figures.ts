import { MangroveError } from '../../kernel/index.ts'
import { type Amount, type Block, sumOf } from '../../report/index.ts'
import { factorBookWith, gwpOf } from '../factors/index.ts'
import type { GwpSet } from '../quantity/index.ts'
import { type AccountPage, categoryText, perTonne } from './account-page.ts'
import { pointerPart, printed, type Source } from './amounts.ts'
import { toldAmount } from './report-of.ts'

/** A chart has at most so many colours; what is smaller is drawn as one part. */
const most = 6

interface Group {
  readonly label: string
  readonly sum: string
  /** Places of totals. */
  readonly places: readonly number[]
}

/** The bars of an inventory: scope 1, scope 2 both ways, scope 3; those of which there is something. */
function groupsOf({ output, words }: AccountPage): readonly Group[] {
  const { totals } = output
  const placesOf = (scope: number, method?: string): readonly number[] =>
    totals.flatMap((total, place) => (total.scope === scope && total.method === method ? [place] : []))
  return [
    { label: words.scopes[1], sum: '/sums/scope1KgCo2e', places: placesOf(1) },
    { label: words.scope2.location, sum: '/sums/scope2LocationKgCo2e', places: placesOf(2, 'location') },
    { label: words.scope2.market, sum: '/sums/scope2MarketKgCo2e', places: placesOf(2, 'market') },
    { label: words.scopes[3], sum: '/sums/scope3KgCo2e', places: placesOf(3) },
  ]
}

/** Emissions by scope, each bar of its categories. */
export function scopesFigure(page: AccountPage): Block {
  const { output, words, write, decimals, language } = page
  const { totals } = output
  const groups = groupsOf(page)
  const nameOf = (place: number): string => {
    const { category, scope, method } = totals[place]!
    return (
      categoryText(category, words) ??
      (method === undefined ? (words.scopes[scope as 1 | 2 | 3] ?? String(scope)) : words.scopes[2])
    )
  }
  const weightOf = (name: string): number =>
    totals.reduce(
      (sum, { massKgCo2e }, place) => (nameOf(place) === name ? sum + Math.abs(Number(massKgCo2e)) : sum),
      0,
    )
  const names = [...new Set(totals.map((_, place) => nameOf(place)))].sort((a, b) => weightOf(b) - weightOf(a))
  const shown = names.length > most ? names.slice(0, most - 1) : names
  const rest = names.length > most ? ['…'] : []
  const partOf = (places: readonly number[], name: string): Amount | null => {
    const own = places.filter((place) => (name === '…' ? !shown.includes(nameOf(place)) : nameOf(place) === name))
    return write(
      own.map((place) => ({ pointer: `/totals/${place}/massKgCo2e`, times: perTonne })),
      { decimals },
    )
  }
  const bars = groups.map(({ label, sum, places }) => ({
    label,
    total: write(sum, { decimals, times: perTonne })!,
    parts: [...shown, ...rest].map((name) => partOf(places, name)),
  }))
  return {
    kind: 'figure',
    id: 'scope-figure',
    title: words.figures.scopes,
    description: words.described(
      words.figures.scopes,
      bars.map(({ label, total }) => `${label} ${toldAmount({ ...total, unit: 't CO₂e' }, language)}`),
    ),
    chart: { kind: 'stacked', unit: 't CO₂e', series: [...shown, ...rest], bars },
  }
}

/** What a gas is weighed by: the factor of the inventory, or the shipped one of its set; nothing where there is none. */
function weightOf(gas: string, { factors, gwpSet }: AccountPage['output']): readonly (readonly [string, string])[] {
  if (gas === 'CO2' || gas === 'CO2e') return [[gas, '1']]
  const own = factors.find(({ factor, subject }) => factor === `gwp/${gwpSet}.${gas}` && subject === gas)
  if (typeof own?.value === 'string') return [[gas, own.value]]
  try {
    return [[gas, gwpOf(factorBookWith(), gas, gwpSet as GwpSet).value.toFixed()]]
  } catch (error) {
    if (error instanceof MangroveError) return []
    throw error
  }
}

/**
 * Emissions by gas, each weighed by the factor of the inventory. Where weights and masses do not give the printed sum to the last
 * digit, there is no such figure.
 */
export function gasFigure(page: AccountPage): readonly Block[] {
  const { output, words, write, decimals, language } = page
  const { totals } = output
  const gases = [...new Set(totals.flatMap(({ gasesKg }) => Object.keys(gasesKg)))]
  const weights = new Map(gases.flatMap((gas) => weightOf(gas, output)))
  const sourcesOf = (place: number, gas: string): Source => ({
    pointer: `/totals/${place}/gasesKg/${pointerPart(gas)}`,
    times: sumOf([{ value: weights.get(gas) ?? '0', times: perTonne }]),
  })
  const isWhole = totals.every(({ gasesKg, massKgCo2e }) => {
    const all = Object.entries(gasesKg)
    if (all.some(([gas]) => !weights.has(gas))) return false
    return sumOf(all.map(([gas, value]) => ({ value, times: weights.get(gas)! }))) === sumOf([{ value: massKgCo2e }])
  })
  if (!isWhole || gases.length === 0 || gases.length > most) return []
  const bars = groupsOf(page).map(({ label, sum, places }) => ({
    label,
    total: write(sum, { decimals, times: perTonne })!,
    parts: gases.map((gas) =>
      write(
        places.filter((place) => Object.hasOwn(totals[place]!.gasesKg, gas)).map((place) => sourcesOf(place, gas)),
        { decimals },
      ),
    ),
  }))
  return [
    {
      kind: 'figure',
      id: 'gas-figure',
      title: words.figures.gases,
      description: words.described(
        words.figures.gases,
        bars.flatMap(({ label, parts }) =>
          parts.flatMap((part, k) =>
            part === null
              ? []
              : [`${label}, ${printed(gases[k]!)} ${toldAmount({ ...part, unit: 't CO₂e' }, language)}`],
          ),
        ),
      ),
      chart: { kind: 'stacked', unit: 't CO₂e', series: gases.map(printed), bars },
    },
  ]
}

/** Energy in standard coal, both ways side by side. */
export function tceFigure({ words, write, language, output }: AccountPage): readonly Block[] {
  const calorific = write('/energy/calorificTce', { decimals: 1 })
  const equivalent = output.energy.equivalentTce === null ? null : write('/energy/equivalentTce', { decimals: 1 })
  const bars = [
    { label: words.columns.calorific, amount: calorific, colour: 0 },
    { label: words.columns.equivalent, amount: equivalent, colour: 2 },
  ].flatMap(({ label, amount, colour }) => (amount === null ? [] : [{ label, amount, colour }]))
  if (bars.every(({ amount }) => Number(amount.value) === 0)) return []
  return [
    {
      kind: 'figure',
      id: 'energy-figure',
      title: words.figures.energy,
      description: words.described(
        words.figures.energy,
        bars.map(({ label, amount }) => `${label} ${toldAmount({ ...amount, unit: 'tce' }, language)}`),
      ),
      chart: { kind: 'bars', unit: 'tce', bars },
    },
  ]
}
