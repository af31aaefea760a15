import { CircleCheck } from 'lucide-react'
import type { Reason } from '../api/types.ts'
import { formatNumber, show, showMoney } from '../format/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { useWords } from '../words/words.ts'
import type { NamedAsset } from './site-after.ts'
import type { SizingRun } from './sizing-queries.ts'

interface SizingReasonsProps {
  readonly run: SizingRun
  readonly assets: ReadonlyMap<string, NamedAsset>
}

/** What bounds the cheapest design, what to beware of, and how well it is proven. */
export function SizingReasons({ run, assets }: SizingReasonsProps) {
  const { say, knows } = useWords()
  const { reasons, certificate, currency } = run.output
  const sentence = ({ code, text, values, asset }: Reason): string => {
    const key = `sizing.reason.${code}`
    if (!knows(key)) return text
    const shown = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, textOf(name, value, { currency, unit: values.unit })]),
    )
    return say(key, { ...shown, asset: assets.get(asset ?? '')?.title ?? asset ?? '' })
  }
  return (
    <Panel title={say('sizing.why')} className="sizing-why">
      <ul>
        {reasons.map((reason) => (
          <li key={`${reason.code} ${reason.asset ?? ''} ${reason.text}`}>{sentence(reason)}</li>
        ))}
        <li>
          <CircleCheck size={14} aria-hidden />{' '}
          {say('sizing.proven', { gap: formatNumber(Math.max(1e-4, certificate.boundGap) * 100, 2) })}
        </li>
      </ul>
    </Panel>
  )
}

/** The end of a name is its unit. */
function textOf(
  name: string,
  value: string | number,
  { currency, unit }: { readonly currency: string; readonly unit: string | number | undefined },
): string {
  if (typeof value !== 'number') return value
  const { text, unit: shown } = name.endsWith('Kwh')
    ? show(value, 'kWh')
    : name.endsWith('KgCo2e')
      ? show(value, 'kgCO2e')
      : name.toLowerCase().endsWith('cost')
        ? showMoney(value, currency)
        : { text: formatNumber(value), unit: String(unit ?? '') }
  return `${text}\u00a0${shown}`
}
