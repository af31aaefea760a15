import type { Site } from '../api/types.ts'
import { familyOf } from '../ui/families.ts'
import { colour, glyphs } from '../ui/sources.ts'
import { useWords, type WordKey } from '../words/words.ts'
import { NumberField } from './number-field.tsx'
import { type Candidate, candidatesOf } from './sizable.ts'
import { type SizeField, type SizingForm, sizeFields, type Wrong } from './sizing-form.ts'

interface OptionTableProps {
  readonly site: Site
  readonly form: SizingForm
  readonly wrong: Readonly<Record<string, Wrong>>
  onChange(next: SizingForm): void
}

/** Those whose unit the first column does not say. */
const pricedFields: ReadonlySet<SizeField> = new Set(['capexPerUnit', 'opexPerUnitYear'])

/** What may be built: a row for each size of each machine, with its bounds and its prices. */
export function OptionTable({ site, form, wrong, onChange }: OptionTableProps) {
  const { say } = useWords()
  const unitOf: Readonly<Record<SizeField, (one: Candidate) => string>> = {
    min: ({ sizable }) => sizable.unit,
    max: ({ sizable }) => sizable.unit,
    existing: ({ sizable }) => sizable.unit,
    capexPerUnit: ({ sizable }) => `${site.currency}/${sizable.unit}`,
    opexPerUnitYear: ({ sizable }) => `${site.currency}/${sizable.unit}/a`,
    lifetimeYears: () => 'a',
  }
  const candidates = candidatesOf(site)
  const choose = (id: string, chosen: boolean): void =>
    onChange({ ...form, chosen: chosen ? [...form.chosen, id] : form.chosen.filter((one) => one !== id) })
  return (
    <div className="wide-table">
      <table className="sizing-options">
        <caption className="visually-hidden">{say('sizing.options')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('sizing.machine')}</th>
            {sizeFields.map((field) => (
              <th key={field} scope="col" title={say(`sizing.hint.${field}`)}>
                {say(`sizing.field.${field}`)}
              </th>
            ))}
            <th scope="col">{say('sizing.source')}</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((one) => {
            const { id, asset, sizable, source } = one
            const chosen = form.chosen.includes(id)
            const family = familyOf(asset.kind)
            const Glyph = family && glyphs[family]
            const name = `${asset.title}, ${say(`sizing.size.${sizable.size}` as WordKey)}`
            return (
              <tr key={id} data-chosen={chosen}>
                <th scope="row">
                  <label className="sizing-machine" title={asset.title}>
                    <input
                      type="checkbox"
                      checked={chosen}
                      aria-label={name}
                      onChange={({ target }) => choose(id, target.checked)}
                    />
                    {Glyph && <Glyph size={16} aria-hidden style={{ color: colour(family) }} />}
                    <span>
                      <b>{asset.title}</b>
                      <small>
                        {say(`sizing.size.${sizable.size}` as WordKey)}, {sizable.unit}
                      </small>
                    </span>
                  </label>
                </th>
                {sizeFields.map((field) => (
                  <td key={field} data-head={say(`sizing.field.${field}`)}>
                    {chosen && (
                      <div className="sizing-price">
                        <NumberField
                          bare
                          label={`${name}: ${say(`sizing.field.${field}`)} (${unitOf[field](one)})`}
                          value={form.texts[`${id}/${field}`] ?? ''}
                          wrong={wrong[`${id}/${field}`]}
                          onChange={(text) => onChange({ ...form, texts: { ...form.texts, [`${id}/${field}`]: text } })}
                        />
                        {pricedFields.has(field) && <span className="unit">{unitOf[field](one)}</span>}
                      </div>
                    )}
                  </td>
                ))}
                <td className="sizing-source" title={say(`sizing.sourceWhy.${source}`)}>
                  {say(`sizing.source.${source}`)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
