import { Maximize, Minus, Plus } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTheme } from '../app/theme.ts'
import { Skeleton } from '../ui/states.tsx'
import { ToneShape } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { gridOf } from './map-grid.ts'
import { type GridHandle, MapGridLines } from './map-grid-lines.tsx'
import { boundsWithCoast, type MapView, withNames } from './map-view.ts'
import type { SiteLine } from './site-line.ts'

interface SiteMapProps {
  readonly lines: readonly SiteLine[]
  readonly selected: string | undefined
  onSelect(id: string): void
}

/** Draws by WebGL; without it, the same map as a picture. */
async function openMap(element: HTMLElement, onMove: () => void): Promise<MapView> {
  const { fetchLand } = await import('./land.ts')
  const land = await fetchLand()
  try {
    const { drawMap } = await import('./draw-map.ts')
    return drawMap(element, land, onMove)
  } catch {
    element.replaceChildren()
    const { drawPlainMap } = await import('./draw-plain-map.ts')
    return drawPlainMap(element, land, onMove)
  }
}

/** All sites where they lie; a mark says how each fares by shape, colour and word. */
export function SiteMap({ lines, selected, onSelect }: SiteMapProps) {
  const { say } = useWords()
  const { shown: theme } = useTheme()
  const ground = useRef<HTMLDivElement>(null)
  const marks = useRef(new Map<string, HTMLButtonElement>())
  const view = useRef<MapView>(undefined)
  const grid = useRef<GridHandle>(null)
  const latest = useRef(lines)
  latest.current = lines
  const [state, setState] = useState<'coming' | 'drawn' | 'failed'>('coming')

  const place = useCallback(() => {
    const map = view.current
    if (!map) return
    const placed = latest.current.map((line) => {
      const [xPx, yPx] = map.toPx(line)
      return { id: line.id, name: line.name, xPx, yPx }
    })
    const named = withNames(placed)
    for (const { id, xPx, yPx } of placed) {
      const mark = marks.current.get(id)
      if (!mark) continue
      mark.style.transform = `translate(${xPx.toFixed(1)}px, ${yPx.toFixed(1)}px)`
      mark.dataset.named = String(named.has(id))
    }
    const { clientWidth = 0, clientHeight = 0 } = ground.current ?? {}
    grid.current?.show(gridOf(map.toPx, clientWidth, clientHeight))
  }, [])

  const places = lines.map(({ latitude, longitude }) => `${latitude} ${longitude}`).join()
  const fit = useCallback(() => {
    const map = view.current
    map?.show(boundsWithCoast(latest.current, map.coastNear))
    place()
  }, [place])

  useEffect(() => {
    const element = ground.current
    if (!element) return
    let gone = false
    openMap(element, place).then(
      (map) => {
        if (gone) return map.remove()
        view.current = map
        setState('drawn')
        fit()
      },
      () => !gone && setState('failed'),
    )
    const observer = new ResizeObserver(() => {
      view.current?.resize()
      place()
    })
    observer.observe(element)
    return () => {
      gone = true
      observer.disconnect()
      view.current?.remove()
      view.current = undefined
    }
  }, [place, fit])

  // biome-ignore lint/correctness/useExhaustiveDependencies: shown anew when the sites are others, not when their values are.
  useEffect(fit, [places, fit])
  useEffect(place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens have other values in another theme.
  useEffect(() => view.current?.paint(), [theme])

  return (
    <figure className="overview-map" data-state={state}>
      <div ref={ground} className="overview-ground" aria-hidden />
      {state === 'coming' && (
        <div className="overview-map-wait">
          <Skeleton height={420} />
        </div>
      )}
      <MapGridLines ref={grid} />
      {state === 'failed' && <p className="overview-map-failed quiet">{say('overview.noMap')}</p>}
      <ul className="overview-marks" aria-label={say('overview.map')}>
        {state === 'drawn' &&
          lines.toReversed().map((line) => {
            return (
              <li key={line.id}>
                <button
                  type="button"
                  className="overview-mark"
                  ref={(element) => {
                    if (element) marks.current.set(line.id, element)
                    else marks.current.delete(line.id)
                  }}
                  data-tone={line.tone}
                  aria-pressed={line.id === selected}
                  aria-label={`${line.name}: ${say(`overview.state.${line.word}`)}`}
                  title={`${line.name}: ${say(`overview.state.${line.word}`)}`}
                  onClick={() => onSelect(line.id)}
                >
                  <span className="overview-dot">
                    <ToneShape tone={line.tone} size={16} />
                  </span>
                  <span className="overview-mark-name">{line.name}</span>
                </button>
              </li>
            )
          })}
      </ul>
      {state === 'drawn' && (
        <div className="overview-zoom">
          <MapButton title={say('overview.zoomIn')} onPress={() => view.current?.zoomBy(1)}>
            <Plus size={16} aria-hidden />
          </MapButton>
          <MapButton title={say('overview.zoomOut')} onPress={() => view.current?.zoomBy(-1)}>
            <Minus size={16} aria-hidden />
          </MapButton>
          <MapButton title={say('overview.zoomAll')} onPress={fit}>
            <Maximize size={16} aria-hidden />
          </MapButton>
        </div>
      )}
      <figcaption className="overview-source">{say('overview.mapSource')}</figcaption>
    </figure>
  )
}

interface MapButtonProps {
  readonly title: string
  readonly children: React.ReactNode
  onPress(): void
}

const MapButton = ({ title, children, onPress }: MapButtonProps) => (
  <button type="button" className="button icon" title={title} aria-label={title} onClick={onPress}>
    {children}
  </button>
)
