import type { Reason, Relaxed } from '../api/types.ts'
import { type Shown, show, showMoney } from '../format/numbers.ts'
import { shortName } from '../format/short-name.ts'
import { clockTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'

interface Named {
  readonly id: string
  readonly title: string
}

const textOf = ({ text, unit }: Shown): string => (unit === '' ? text : `${text}\u00a0${unit}`)

const titleOf = (assets: readonly Named[], id = ''): string =>
  shortName(assets.find((asset) => asset.id === id)?.title ?? id)

/** What gave way, in the reader's language; in the server's words where the console does not know the code. */
export function RelaxedSentence({ relaxed, assets }: { readonly relaxed: Relaxed; readonly assets: readonly Named[] }) {
  const { say, knows } = useWords()
  const key = `relaxed.${relaxed.reasonCode}`
  if (!knows(key)) return relaxed.reason
  return say(key, { asset: titleOf(assets, relaxed.asset), amount: textOf(show(relaxed.amount, relaxed.unit)) })
}

interface ReasonProps {
  readonly reason: Reason
  readonly assets: readonly Named[]
  readonly zone: string
  readonly currency: string
}

/** One reason of a plan, in the reader's language. */
export function ReasonSentence({ reason, assets, zone, currency }: ReasonProps) {
  const { say, knows, language } = useWords()
  const key = `reason.${reason.code}`
  if (!knows(key)) return reason.text
  const values = Object.fromEntries(
    Object.entries(reason.values).map(([name, value]): [string, string] => [
      name,
      typeof value === 'number' ? shownAs(name, value, { zone, currency, language }) : String(value),
    ]),
  )
  return say(key, { ...values, asset: titleOf(assets, reason.asset) })
}

/** The suffix of a name is its unit. */
function shownAs(
  name: string,
  value: number,
  { zone, currency, language }: { readonly zone: string; readonly currency: string; readonly language: string },
): string {
  if (name.endsWith('Ms')) return clockTime(value, zone, language)
  if (name.endsWith('PerKwh')) return textOf(showMoney(value, currency))
  if (name.endsWith('Kwh')) return textOf(show(value, 'kWh'))
  if (name.endsWith('Kw')) return textOf(show(value, 'kW'))
  return name === 'cost' ? textOf(showMoney(value, currency)) : show(value, '').text
}
