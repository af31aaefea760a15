import { useEffect, useMemo, useRef, useState } from 'react'
import type { Site } from '../api/types.ts'
import { useMoment } from '../app/moment.ts'
import { readSeries } from '../telemetry/telemetry.ts'
import { useWatch } from '../telemetry/use-watch.ts'
import { useWidth } from '../ui/use-width.ts'
import { useWords } from '../words/words.ts'
import { QualityKey } from './quality-key.tsx'
import { StateLine } from './state-line.tsx'
import type { TrendAddress } from './trend-address.ts'
import { createTrendBoard, type TrendBoard } from './trend-board.ts'
import { viewAfterKey } from './trend-keys.ts'
import { TrendRowView } from './trend-row.tsx'
import type { TrendRow } from './trend-rows.ts'
import { TrendToolbar } from './trend-toolbar.tsx'

interface TrendChartsProps {
  readonly site: Site
  readonly rows: readonly TrendRow[]
  readonly address: TrendAddress
  onGo(next: Partial<TrendAddress>): void
  onRemove(ref: string): void
}

/** Charts stacked by unit on one time axis, with what moves them. */
export function TrendCharts({ site, rows, address, onGo, onRemove }: TrendChartsProps) {
  const { say } = useWords()
  const { timestampMs, kind, move } = useMoment()
  const [place, widthPx] = useWidth<HTMLDivElement>()
  const [board, setBoard] = useState<TrendBoard>()
  const refs = useMemo(() => rows.flatMap(({ lines }) => lines.map(({ point }) => point.ref)), [rows])
  const watch = useWatch(site.id, refs)
  const settled = useRef(onGo)
  settled.current = onGo
  const { spanMs, untilMs } = address

  useEffect(() => {
    const made = createTrendBoard({
      site: site.id,
      read: readSeries,
      now: Date.now,
      onSettled: (view) => settled.current(view),
    })
    setBoard(made)
    return () => made.stop()
  }, [site.id])
  useEffect(() => board?.setView({ spanMs, untilMs }), [board, spanMs, untilMs])
  useEffect(() => board?.show(rows, watch), [board, rows, watch])
  useEffect(() => board?.showMoment(timestampMs, kind === 'live'), [board, timestampMs, kind])

  const heightPx = rowHeight(rows.length, widthPx)
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (!board || event.ctrlKey || event.metaKey || event.altKey) return
    const next = viewAfterKey(event.key, event.shiftKey, board.view())
    if (next === undefined) return
    event.preventDefault()
    if (next === 'now') board.follow()
    else board.move(next)
  }
  return (
    <>
      <TrendToolbar board={board} site={site} rows={rows} heightPx={heightPx} onGo={onGo} spanMs={spanMs} />
      <StateLine board={board} watch={watch} zone={site.zone} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys move and zoom all charts together */}
      <section className="trends-rows" ref={place} tabIndex={0} aria-label={say('trends.keys')} onKeyDown={onKeyDown}>
        {board &&
          widthPx > 0 &&
          rows.map((row, index) => (
            <TrendRowView
              key={row.unit}
              row={row}
              board={board}
              site={site}
              widthPx={widthPx}
              heightPx={heightPx}
              withTimes={index === rows.length - 1}
              onRemove={onRemove}
              onMoment={move}
            />
          ))}
      </section>
      <QualityKey />
    </>
  )
}

/** Height of each row so that a few fill a screen and many can be scrolled through. */
function rowHeight(rows: number, widthPx: number): number {
  if (widthPx < 560) return rows === 1 ? 260 : 170
  return rows === 1 ? 420 : rows === 2 ? 260 : 190
}
