import { type Ref, useImperativeHandle, useRef } from 'react'
import { show } from '../format/numbers.ts'
import { arrangeLabels, type Box } from './arrange-labels.ts'
import type { PlacePoint } from './place-types.ts'

export interface LabelOf {
  readonly id: string
  readonly title: string
  /** Of the dot before the name. */
  readonly token: string
  readonly value: number | undefined
  readonly unit: string
  readonly rank: number
}

export interface LabelsHandle {
  /** Writes the names where their things are in the picture. */
  move(spots: ReadonlyMap<string, PlacePoint>): void
}

/** What else stands over the picture. */
function coveredBy(labels: HTMLElement): readonly Box[] {
  const corner = labels.getBoundingClientRect()
  const over = labels
    .closest('.place-stage')
    ?.querySelectorAll('.place-card, .place-legend, .place-views, .place-north, .scale-bar')
  return [...(over ?? [])].map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return { x: left - corner.left, y: top - corner.top, widthPx: width, heightPx: height }
  })
}

interface PlaceLabelsProps {
  readonly labels: readonly LabelOf[]
  readonly selected: string | undefined
  readonly ref: Ref<LabelsHandle>
  onSelect(id: string): void
}

/**
 * Names over the picture; where there is no room for all, the first in rank are written. They are for the pointer and the eye: the
 * list beside the picture says the same to those who use neither.
 */
export function PlaceLabels({ labels, selected, ref, onSelect }: PlaceLabelsProps) {
  const root = useRef<HTMLDivElement>(null)
  const elements = useRef(new Map<string, HTMLButtonElement>())
  useImperativeHandle(
    ref,
    () => ({
      move(spots) {
        if (!root.current) return
        const wanted = labels.flatMap(({ id, rank }) => {
          const [element, spot] = [elements.current.get(id), spots.get(id)]
          if (!element || !spot) return []
          const own = { id, x: spot[0], y: spot[1], widthPx: element.offsetWidth, heightPx: element.offsetHeight }
          return [{ ...own, rank: id === selected ? Number.MAX_SAFE_INTEGER : rank }]
        })
        const picture = {
          widthPx: root.current.clientWidth,
          heightPx: root.current.clientHeight,
          covered: coveredBy(root.current),
        }
        const written = arrangeLabels(wanted, picture)
        for (const [id, element] of elements.current) {
          const corner = written.get(id)
          element.style.visibility = corner ? 'visible' : 'hidden'
          if (corner) element.style.transform = `translate(${Math.round(corner.x)}px, ${Math.round(corner.y)}px)`
        }
      },
    }),
    [labels, selected],
  )
  return (
    <div ref={root} className="place-labels" aria-hidden>
      {labels.map(({ id, title, token, value, unit }) => {
        const shown = value === undefined ? undefined : show(value, unit)
        return (
          <button
            key={id}
            ref={(element) => {
              if (element) elements.current.set(id, element)
              else elements.current.delete(id)
            }}
            type="button"
            tabIndex={-1}
            className="place-label"
            data-selected={id === selected}
            title={title}
            onClick={() => onSelect(id)}
          >
            <i style={{ background: `var(--${token})` }} />
            <span className="place-label-name">{title}</span>
            {shown && (
              <b>
                {shown.text} {shown.unit}
              </b>
            )}
          </button>
        )
      })}
    </div>
  )
}
