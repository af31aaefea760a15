import { type PointerEvent as ReactPointerEvent, type RefObject, useEffect, useRef } from 'react'
import { momentAt, shareOf, type TimeView, within, zoomed } from './time-view.ts'

interface TrackGestures {
  readonly view: TimeView
  readonly reach: TimeView
  readonly momentMs: number
  /** The thumb was dragged, or the bar pressed: this moment is wanted. */
  onMoment(timestampMs: number): void
  /** The bar was dragged, pinched, or the wheel turned. */
  onView(view: TimeView): void
}

interface Handlers {
  onPointerDown(event: ReactPointerEvent): void
  onPointerMove(event: ReactPointerEvent): void
  onPointerUp(event: ReactPointerEvent): void
  onPointerCancel(event: ReactPointerEvent): void
}

type Gesture =
  | { readonly kind: 'thumb' }
  | { readonly kind: 'press' | 'pan'; readonly startPx: number; readonly view: TimeView }
  | { readonly kind: 'pinch'; readonly apartPx: number; readonly share: number; readonly view: TimeView }

/** From this far on a press is a drag. */
const dragPx = 4
/** How near to the thumb a press takes hold of it. */
const holdPx = { mouse: 14, pen: 18, touch: 26 }

/** Drag the thumb to another moment, drag the bar to another stretch of time, wheel or pinch to zoom, press to go there. */
export function useTrackGestures(track: RefObject<HTMLElement | null>, input: TrackGestures): Handlers {
  const latest = useRef(input)
  latest.current = input
  const gesture = useRef<Gesture>(undefined)
  const fingers = useRef(new Map<number, number>())

  const box = (): { readonly left: number; readonly width: number } =>
    track.current?.getBoundingClientRect() ?? { left: 0, width: 1 }
  const shareAt = (clientX: number): number => (clientX - box().left) / box().width

  useEffect(() => {
    const element = track.current
    if (!element) return
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { view, reach, onView } = latest.current
      const { left, width } = element.getBoundingClientRect()
      const sideways = event.shiftKey ? event.deltaY : event.deltaX
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        onView(moved(view, (sideways / width) * (view.toMs - view.fromMs), reach))
      } else {
        const steps = Math.max(-3, Math.min(3, event.deltaY / 100))
        onView(zoomed(view, (event.clientX - left) / width, 1.25 ** steps, reach))
      }
    }
    // Of React a listener to the wheel is passive: the page would scroll too.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [track])

  const end = ({ pointerId, clientX, type }: ReactPointerEvent): void => {
    fingers.current.delete(pointerId)
    const { view, onMoment } = latest.current
    if (gesture.current?.kind === 'press' && type === 'pointerup') onMoment(momentAt(view, shareAt(clientX)))
    gesture.current = undefined
  }

  return {
    onPointerDown(event) {
      if (event.button !== 0) return
      track.current?.setPointerCapture(event.pointerId)
      fingers.current.set(event.pointerId, event.clientX)
      const { view, momentMs } = latest.current
      const [one, two] = [...fingers.current.values()]
      if (one !== undefined && two !== undefined) {
        gesture.current = {
          kind: 'pinch',
          apartPx: Math.max(1, Math.abs(two - one)),
          share: shareAt((one + two) / 2),
          view,
        }
        return
      }
      const thumbPx = box().left + shareOf(view, momentMs) * box().width
      const hold = holdPx[event.pointerType as keyof typeof holdPx] ?? holdPx.mouse
      gesture.current =
        Math.abs(event.clientX - thumbPx) <= hold ? { kind: 'thumb' } : { kind: 'press', startPx: event.clientX, view }
    },
    onPointerMove(event) {
      if (!fingers.current.has(event.pointerId)) return
      fingers.current.set(event.pointerId, event.clientX)
      const { view, reach, onMoment, onView } = latest.current
      const own = gesture.current
      if (own?.kind === 'thumb') onMoment(momentAt(view, Math.max(0, Math.min(1, shareAt(event.clientX)))))
      else if (own?.kind === 'pinch') {
        const [one = 0, two = 0] = [...fingers.current.values()]
        onView(zoomed(own.view, own.share, own.apartPx / Math.max(1, Math.abs(two - one)), reach))
      } else if (own && (own.kind === 'pan' || Math.abs(event.clientX - own.startPx) >= dragPx)) {
        gesture.current = { ...own, kind: 'pan' }
        const byMs = ((own.startPx - event.clientX) / box().width) * (own.view.toMs - own.view.fromMs)
        onView(moved(own.view, byMs, reach))
      }
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}

const moved = ({ fromMs, toMs }: TimeView, byMs: number, reach: TimeView): TimeView =>
  within({ fromMs: fromMs + byMs, toMs: toMs + byMs }, reach)
