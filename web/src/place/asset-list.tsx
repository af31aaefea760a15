import type { SiteAsset } from '../api/types.ts'
import { familyOf } from '../ui/families.ts'
import { Value } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { colour, glyphs } from '../ui/sources.ts'
import { useWords } from '../words/words.ts'

interface AssetListProps {
  readonly assets: readonly SiteAsset[]
  read(asset: SiteAsset): number | undefined
  readonly unit: string
  readonly selected: string | undefined
  onSelect(id: string | undefined): void
}

/** The assets of the place, each with its value; chooses the same as a press in the picture. */
export function AssetList({ assets, read, unit, selected, onSelect }: AssetListProps) {
  const { say } = useWords()
  return (
    <Panel title={say('place.assets')} className="place-list">
      <ul>
        {assets.map((asset) => {
          const family = familyOf(asset.kind)
          const Glyph = family && glyphs[family]
          const chosen = asset.id === selected
          return (
            <li key={asset.id}>
              <button
                type="button"
                className="place-row"
                aria-pressed={chosen}
                title={asset.title}
                onClick={() => onSelect(chosen ? undefined : asset.id)}
              >
                {Glyph && family ? <Glyph size={16} color={colour(family)} aria-hidden /> : <span />}
                <span className="place-row-name">{asset.title}</span>
                <Value value={read(asset)} unit={unit} />
              </button>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
