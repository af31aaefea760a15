import { formatNumber, show } from '../format/numbers.ts'
import type { Pedigree } from '../pedigree/pedigree.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { familyOf } from '../ui/families.ts'
import { Figure } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { colour, glyphs } from '../ui/sources.ts'
import { Stat } from '../ui/stat.tsx'
import { useWords, type WordKey } from '../words/words.ts'
import { figuresOf } from './design-figures.ts'
import { type Design, letterOf } from './designs.ts'
import { type NamedAsset, standingOf } from './site-after.ts'
import type { SizingRun } from './sizing-queries.ts'
import type { YearFigures } from './year-grid.ts'

interface DesignPanelProps {
  readonly run: SizingRun
  readonly design: Design
  readonly assets: ReadonlyMap<string, NamedAsset>
  readonly year: YearFigures | undefined
}

/** The chosen design: what is built, and what it is worth. */
export function DesignPanel({ run, design, assets, year }: DesignPanelProps) {
  const { say } = useWords()
  const { output } = run
  const front = output.front.length > 0
  const pedigree = (...path: readonly (string | number)[]): Pedigree => ({
    ...{ kind: 'run', run: run.id, title: say('sizing.design', { letter: letterOf(design.index) }) },
    path: front ? ['front', design.index, ...path] : path,
  })
  return (
    <Panel title={say('sizing.design', { letter: letterOf(design.index) })} className="sizing-design">
      <table className="figures sizing-sizes">
        <caption className="visually-hidden">{say('sizing.sizes')}</caption>
        <tbody>
          {output.sizes.map(({ id, title, unit }) => {
            const [assetId = '', size = ''] = id.split('.')
            const family = familyOf(assets.get(assetId)?.kind ?? '')
            const Glyph = family && glyphs[family]
            const value = design.sizes[id] ?? 0
            const standing = standingOf(output, id)
            return (
              <tr key={id}>
                <th scope="row" title={title}>
                  <div>
                    {Glyph && <Glyph size={16} aria-hidden style={{ color: colour(family) }} />}
                    <span>
                      <b>{title}</b>
                      <small>{say(`sizing.size.${size}` as WordKey)}</small>
                    </span>
                  </div>
                </th>
                <td>
                  <Figure text={formatNumber(value)} unit={unit} />
                  {standing > 0 && (
                    <small>{say('sizing.standing', { size: `${formatNumber(standing)}\u00a0${unit}` })}</small>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <dl className="stats sizing-stats">
        {figuresOf(design, output.currency).map(({ id, shown, path, note }) => (
          <Stat key={id} label={say(`sizing.figure.${id}`)} note={note === undefined ? undefined : say(note)}>
            {shown === undefined ? (
              <span className="figure">–</span>
            ) : (
              <Sourced from={pedigree(...(front ? path.front : path.whole))}>
                <Figure {...shown} />
              </Sourced>
            )}
          </Stat>
        ))}
        {year?.selfConsumption !== undefined && (
          <Stat label={say('sizing.figure.selfConsumption')} note={say('sizing.byRule')}>
            <Figure {...show(year.selfConsumption, '1')} />
          </Stat>
        )}
      </dl>
    </Panel>
  )
}
