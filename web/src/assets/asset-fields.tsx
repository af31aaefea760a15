import type { Site, SiteAsset } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import { Figure } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { useWords } from '../words/words.ts'
import { type FieldValue, fieldLines, plainName } from './field-text.ts'

/** What the site file says of an asset, in words and with units. */
export function AssetFields({ site, asset }: { readonly site: Site; readonly asset: SiteAsset }) {
  const { say, knows } = useWords()
  const lines = fieldLines(asset.fields, site.currency)
  const nameOf = (name: string): string => {
    const key = `assets.field.${name}`
    return knows(key) ? say(key) : plainName(name)
  }
  return (
    <Panel title={say('assets.is')}>
      {lines.length === 0 ? (
        <p className="quiet">{say('assets.noFields')}</p>
      ) : (
        <dl className="assets-fields">
          {lines.map(({ path, names, value }) => (
            <div key={path}>
              <dt title={path}>{names.map(nameOf).join(' · ')}</dt>
              <dd>
                <Shown value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}

function Shown({ value }: { readonly value: FieldValue }) {
  const { say } = useWords()
  switch (value.kind) {
    case 'number':
      return <Figure text={formatNumber(value.value)} unit={value.unit} />
    case 'truth':
      return say(value.value ? 'assets.yes' : 'assets.no')
    case 'text':
      return value.text
    case 'numbers':
      return say('assets.numbers', {
        count: value.count,
        low: formatNumber(value.low),
        high: formatNumber(value.high),
      })
    case 'list':
      return (
        <details className="assets-list">
          <summary>{say('assets.entries', { count: value.count })}</summary>
          <pre className="sample">{value.text}</pre>
        </details>
      )
  }
}
