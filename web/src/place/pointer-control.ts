import type { PlacePoint } from './place-types.ts'

/** What a hand does to a view. */
export interface Hand {
  /** Turns it, degrees to the side and steeper; what cannot be turned is moved instead. */
  turn?(byDeg: number, steeperDeg: number): void
  /** Moves over the ground, in shares of the height of the picture. */
  move(across: number, ahead: number): void
  /** Below 1: nearer; at a place of the picture in pixels. */
  zoom(factor: number, at: PlacePoint): void
  /** Pressed and let go without a move: a place of the picture in pixels. */
  choose(point: PlacePoint): void
}

const turnDegPerPx = 0.3
/** A hand shakes: less than this is no move. */
const stillPx = 5

/**
 * Mouse: drag turns, drag with the right button or with Shift moves, the wheel zooms. Touch: one finger turns, two move and zoom.
 * Returns what lets the element go.
 */
export function controlByPointer(element: HTMLElement, hand: Hand): () => void {
  const down = new Map<number, { x: number; y: number }>()
  let movedPx = 0
  let moves = false
  const within = (clientX: number, clientY: number): PlacePoint => {
    const { left, top } = element.getBoundingClientRect()
    return [clientX - left, clientY - top]
  }
  const pressed = (event: PointerEvent): void => {
    if (down.size === 0) movedPx = 0
    moves = event.button === 2 || event.shiftKey
    down.set(event.pointerId, { x: event.clientX, y: event.clientY })
    element.setPointerCapture(event.pointerId)
  }
  const dragged = (event: PointerEvent): void => {
    const before = down.get(event.pointerId)
    if (!before) return
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y]
    movedPx += Math.hypot(dx, dy)
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1]
    const heightPx = element.clientHeight || 1
    if (other) {
      const far = Math.hypot(before.x - other.x, before.y - other.y)
      const now = Math.hypot(event.clientX - other.x, event.clientY - other.y)
      if (far > 10 && now > 10)
        hand.zoom(far / now, within((event.clientX + other.x) / 2, (event.clientY + other.y) / 2))
      hand.move(-dx / 2 / heightPx, dy / 2 / heightPx)
    } else if (movedPx > stillPx) {
      if (moves || !hand.turn) hand.move(-dx / heightPx, dy / heightPx)
      else hand.turn(dx * turnDegPerPx, dy * turnDegPerPx)
    }
    down.set(event.pointerId, { x: event.clientX, y: event.clientY })
  }
  const released = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId) || down.size > 0 || movedPx > stillPx || event.type !== 'pointerup') return
    hand.choose(within(event.clientX, event.clientY))
  }
  const wheeled = (event: WheelEvent): void => {
    event.preventDefault()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1
    const factor = Math.exp(Math.max(-120, Math.min(120, event.deltaY * lines)) * 0.0016)
    hand.zoom(factor, within(event.clientX, event.clientY))
  }
  const noMenu = (event: Event): void => event.preventDefault()
  element.addEventListener('pointerdown', pressed)
  element.addEventListener('pointermove', dragged)
  element.addEventListener('pointerup', released)
  element.addEventListener('pointercancel', released)
  element.addEventListener('wheel', wheeled, { passive: false })
  element.addEventListener('contextmenu', noMenu)
  return () => {
    element.removeEventListener('pointerdown', pressed)
    element.removeEventListener('pointermove', dragged)
    element.removeEventListener('pointerup', released)
    element.removeEventListener('pointercancel', released)
    element.removeEventListener('wheel', wheeled)
    element.removeEventListener('contextmenu', noMenu)
  }
}
