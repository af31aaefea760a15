import { useEffect, useMemo, useState } from 'react'
import type { Site, SiteAsset } from '../api/types.ts'
import { ageOf } from '../format/times.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { readSeries } from '../telemetry/telemetry.ts'
import { useWatch } from '../telemetry/use-watch.ts'
import { canvasColour } from '../ui/canvas-colour.ts'
import { familyOf } from '../ui/families.ts'
import { Panel } from '../ui/panel.tsx'
import { colour } from '../ui/sources.ts'
import { useWords } from '../words/words.ts'
import { createPointBoard, type PointBoard, sparkMs, staleMs } from './point-board.ts'

interface AssetPointsProps {
  readonly site: Site
  readonly asset: SiteAsset
}

/** Points without a unit that are shares of one; others count, or are ratios. */
const shares: ReadonlySet<string> = new Set(['soc'])
/** Points of one request: their names stand in its address. */
const pointsARequest = 50

/** Every point with its value as it comes, how good it is, and its last hour. */
export function AssetPoints({ site, asset }: AssetPointsProps) {
  const { say } = useWords()
  const refs = useMemo(() => asset.points.map(({ ref }) => ref), [asset])
  const board = usePointBoard(site.id, asset.kind, refs)
  return (
    <Panel title={say('assets.points')}>
      {asset.points.length === 0 ? (
        <p className="quiet">{say('assets.noPoints')}</p>
      ) : (
        <div className="wide-table">
          <table className="data-table assets-points">
            <thead>
              <tr>
                <th scope="col">{say('assets.point')}</th>
                <th scope="col" data-numeric="true">
                  {say('assets.value')}
                </th>
                <th scope="col">{say('assets.state')}</th>
                <th scope="col">{say('assets.lastHour')}</th>
              </tr>
            </thead>
            <tbody>
              {asset.points.map(({ id, ref, title, unit, role }) => (
                <tr
                  key={ref}
                  ref={(row) => place(board, { ref, unit: unit === '1' && !shares.has(id) ? '' : unit }, row)}
                >
                  <th scope="row" title={ref}>
                    {title}
                    {role !== 'measured' && <small> {say(`assets.role.${role}`)}</small>}
                  </th>
                  <td data-numeric="true">
                    <Sourced from={{ kind: 'point', site: site.id, ref }}>
                      <span data-of="value">–</span>
                      <span className="unit" data-of="unit" />
                    </Sourced>
                  </td>
                  <td className="assets-quality">
                    <span data-of="quality" />
                  </td>
                  <td>
                    <canvas data-of="spark" role="img" aria-label={say('assets.sparkline', { title })} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

/** Size of a small trend, CSS pixels. */
const sparkPx = { width: 140, height: 22 }

function place(
  board: PointBoard | undefined,
  { ref, unit }: Pick<SiteAsset['points'][number], 'ref' | 'unit'>,
  row: HTMLTableRowElement | null,
): void {
  if (!row) board?.place(ref, undefined)
  if (!board || !row) return
  const find = <E extends Element>(name: string): E => row.querySelector<E>(`[data-of="${name}"]`)!
  const spark = find<HTMLCanvasElement>('spark')
  const scale = devicePixelRatio
  if (spark.width !== Math.round(sparkPx.width * scale)) {
    spark.width = Math.round(sparkPx.width * scale)
    spark.height = Math.round(sparkPx.height * scale)
  }
  board.place(ref, {
    ...{ value: find<HTMLElement>('value'), unit: find<HTMLElement>('unit'), storedUnit: unit },
    ...{ quality: find<HTMLElement>('quality'), spark },
  })
}

function usePointBoard(site: string, kind: string, refs: readonly string[]): PointBoard | undefined {
  const { say } = useWords()
  const watch = useWatch(site, refs)
  const [board, setBoard] = useState<PointBoard>()
  useEffect(() => {
    if (!watch) return
    const control = new AbortController()
    const family = familyOf(kind)
    const made = createPointBoard({
      watch,
      now: Date.now,
      colour: canvasColour(family ? colour(family) : 'var(--ink-soft)'),
      note(quality, ageMs) {
        if (quality === 'missing') return say('assets.quality.missing')
        const age = ageMs > staleMs ? ageOf(ageMs) : undefined
        if (age) return say('assets.stale', { age: say(`age.${age.unit}`, { count: age.count }) })
        return say(`assets.quality.${quality}`)
      },
    })
    setBoard(made)
    const nowMs = Date.now()
    const parts = Array.from({ length: Math.ceil(refs.length / pointsARequest) }, (_, part) =>
      readSeries(
        {
          ...{ site, points: refs.slice(part * pointsARequest, (part + 1) * pointsARequest), bucket: '1m' },
          ...{ fromMs: nowMs - sparkMs, toMs: nowMs },
        },
        control.signal,
      ),
    )
    // Without history there are still the live values.
    Promise.allSettled(parts).then((answers) => {
      if (control.signal.aborted) return
      made.history(Object.assign({}, ...answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : {}))))
    })
    return () => {
      control.abort(new DOMException('The page was left', 'AbortError'))
      made.stop()
      setBoard(undefined)
    }
  }, [watch, site, kind, refs, say])
  return board
}
