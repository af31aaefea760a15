import { ChevronLeft, ChevronRight, Download, Radio, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Site } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import { hexColour } from '../ui/canvas-colour.ts'
import { Menu } from '../ui/menu.tsx'
import { pngOf, saveFile } from '../ui/save-file.ts'
import { Segmented } from '../ui/segmented.tsx'
import { useWords } from '../words/words.ts'
import { trendCsv } from './export-csv.ts'
import { trendSvg } from './export-svg.ts'
import { presets, type TrendAddress } from './trend-address.ts'
import type { TrendBoard } from './trend-board.ts'
import type { TrendRow } from './trend-rows.ts'
import { panned, zoomed } from './trend-view.ts'

interface TrendToolbarProps {
  readonly board: TrendBoard | undefined
  readonly site: Site
  readonly rows: readonly TrendRow[]
  readonly heightPx: number
  readonly spanMs: number
  onGo(next: Partial<TrendAddress>): void
}

/** Widths of a picture that is saved: that of a page across. */
const picturePx = 1280

/** How much time is shown, and which; what is seen as a file. */
export function TrendToolbar({ board, site, rows, heightPx, spanMs, onGo }: TrendToolbarProps) {
  const { say, language } = useWords()
  const follows = useFollows(board)
  const preset = presets.find((own) => own.spanMs === spanMs)?.id ?? ''
  const choose = (id: string): void => {
    const wanted = presets.find((own) => own.id === id)
    if (!wanted || !board) return
    const { fromMs, toMs } = board.view()
    const untilMs = follows ? undefined : Math.min(Date.now(), (fromMs + toMs + wanted.spanMs) / 2)
    onGo({ spanMs: wanted.spanMs, untilMs })
  }
  const zoom = (factor: number): void => {
    if (!board) return
    const view = board.view()
    board.move(zoomed(view, factor, follows ? view.toMs : (view.fromMs + view.toMs) / 2))
  }
  const save = (kind: 'csv' | 'png' | 'svg'): void => {
    if (!board) return
    const view = board.view()
    const name = `${site.id}-${new Date(view.fromMs).toISOString().slice(0, 10)}-trends.${kind}`
    const { level } = board.state()
    if (kind === 'csv') {
      const lines = rows.flatMap(({ unit, lines: own }) =>
        own.map(({ point: { ref, title, ownerTitle } }) => ({
          ...{ name: `${ownerTitle} · ${title}`, ref, unit, strokes: board.strokes(ref) },
        })),
      )
      const text = trendCsv({ view, zone: site.zone, lines, bucketMs: level.bucketMs })
      saveFile(name, new Blob([text], { type: 'text/csv' }))
      return
    }
    const picture = trendSvg({
      title: `${site.name} · ${dayAndTime(view.fromMs, site.zone, language)} – ${dayAndTime(view.toMs, site.zone, language)}`,
      ...{ view, zone: site.zone, language, widthPx: picturePx },
      rows: rows.map(({ unit, lines }) => ({
        ...{ unit: unit === '1' ? '–' : unit, heightPx },
        lines: lines.map(({ point: { ref, title, ownerTitle, role }, colour }) => ({
          name: `${ownerTitle} · ${title}`,
          colour: hexColour(colour),
          stepped: role === 'setpoint',
          strokes: board.strokes(ref),
        })),
      })),
      colours: {
        paper: hexColour('var(--paper)'),
        ink: hexColour('var(--ink)'),
        faint: hexColour('var(--ink-faint)'),
        line: hexColour('var(--line)'),
      },
    })
    if (kind === 'svg') saveFile(name, new Blob([picture.svg], { type: 'image/svg+xml' }))
    else void pngOf(picture.svg).then((blob) => saveFile(name, blob))
  }
  const button = (key: 'earlier' | 'later' | 'zoomOut' | 'zoomIn', Icon: typeof ZoomIn, act: () => void) => (
    <button type="button" className="button icon" title={say(`trends.${key}`)} onClick={act}>
      <Icon size={16} aria-hidden />
      <span className="visually-hidden">{say(`trends.${key}`)}</span>
    </button>
  )
  return (
    <div className="trends-toolbar">
      <Segmented
        label={say('trends.span')}
        options={presets.map(({ id }) => ({ id, title: say(`trends.preset.${id}`) }))}
        value={preset as (typeof presets)[number]['id']}
        onChange={choose}
      />
      <div className="trends-moves">
        {button('earlier', ChevronLeft, () => board?.move(panned(board.view(), -0.5)))}
        {button('later', ChevronRight, () => board?.move(panned(board.view(), 0.5)))}
        {button('zoomOut', ZoomOut, () => zoom(2))}
        {button('zoomIn', ZoomIn, () => zoom(0.5))}
      </div>
      <button type="button" className="button" aria-pressed={follows} onClick={() => board?.follow()}>
        <Radio size={16} aria-hidden /> {say('trends.follow')}
      </button>
      <Menu
        label={say('trends.export')}
        trigger={
          <button type="button" className="button trends-export">
            <Download size={16} aria-hidden /> {say('trends.export')}
          </button>
        }
        items={[
          { id: 'csv', title: say('trends.csv'), onChoose: () => save('csv') },
          { id: 'png', title: say('trends.png'), onChoose: () => save('png') },
          { id: 'svg', title: say('trends.svg'), onChoose: () => save('svg') },
        ]}
      />
    </div>
  )
}

function useFollows(board: TrendBoard | undefined): boolean {
  const [follows, setFollows] = useState(true)
  useEffect(() => board?.subscribe((state) => setFollows(state.follows)), [board])
  return follows
}
