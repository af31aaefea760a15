/** What a pointer or a key asks of the view. */
export interface GestureTarget {
  /** Shares are of the width of the plot, 0 at its left edge. */
  zoomAt(factor: number, share: number): void
  zoomTo(fromShare: number, toShare: number): void
  pan(share: number): void
  choose(share: number): void
  point(share: number | undefined): void
  /** A stretch that is being drawn up with the pointer; undefined when it is over. */
  mark(stretch: readonly [number, number] | undefined): void
}

/** A pointer that moved less than this has only pressed, CSS pixels. */
const stillPx = 4
const wheelStep = 0.0016

/**
 * Gestures of a plot: drag a stretch to zoom into it, press to choose a moment, wheel to zoom, sideways wheel or shift to pan; by
 * touch one finger pans, two zoom. Returns the way to stop.
 *
 * @param edges of the plot within the element, CSS pixels
 */
export function followGestures(
  element: HTMLElement,
  edges: () => { readonly leftPx: number; readonly widthPx: number },
  target: GestureTarget,
): () => void {
  const shareOf = (clientX: number): number => {
    const { leftPx, widthPx } = edges()
    return (clientX - element.getBoundingClientRect().left - leftPx) / widthPx
  }
  const within = (share: number): number => Math.min(1, Math.max(0, share))
  const pressed = new Map<number, number>()
  let startX = 0
  let moved = false
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    element.setPointerCapture(event.pointerId)
    pressed.set(event.pointerId, event.clientX)
    if (pressed.size > 1) return
    startX = event.clientX
    moved = false
  }
  const onMove = (event: PointerEvent): void => {
    const before = pressed.get(event.pointerId)
    const share = shareOf(event.clientX)
    if (before === undefined) {
      target.point(share >= 0 && share <= 1 ? share : undefined)
      return
    }
    if (pressed.size === 2) {
      const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1] ?? before
      const [oldPx, newPx] = [Math.abs(before - other), Math.abs(event.clientX - other)]
      if (oldPx > 8 && newPx > 8) target.zoomAt(oldPx / newPx, shareOf((event.clientX + other) / 2))
      moved = true
    } else {
      moved ||= Math.abs(event.clientX - startX) > stillPx
      if (moved && event.pointerType === 'touch') target.pan((before - event.clientX) / edges().widthPx)
      else if (moved) target.mark(ordered(within(shareOf(startX)), within(share)))
    }
    pressed.set(event.pointerId, event.clientX)
  }
  const onUp = (event: PointerEvent): void => {
    if (!pressed.delete(event.pointerId) || pressed.size > 0) return
    target.mark(undefined)
    const share = within(shareOf(event.clientX))
    if (!moved) target.choose(share)
    else if (event.pointerType !== 'touch') target.zoomTo(...ordered(within(shareOf(startX)), share))
  }
  const onCancel = (event: PointerEvent): void => {
    pressed.delete(event.pointerId)
    target.mark(undefined)
  }
  const onLeave = (): void => target.point(undefined)
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    const scale = event.deltaMode === 1 ? 16 : 1
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      target.pan((sideways * scale) / edges().widthPx)
    else target.zoomAt(Math.exp(event.deltaY * scale * wheelStep), within(shareOf(event.clientX)))
  }
  element.addEventListener('pointerdown', onDown)
  element.addEventListener('pointermove', onMove)
  element.addEventListener('pointerup', onUp)
  element.addEventListener('pointercancel', onCancel)
  element.addEventListener('pointerleave', onLeave)
  element.addEventListener('wheel', onWheel, { passive: false })
  return () => {
    element.removeEventListener('pointerdown', onDown)
    element.removeEventListener('pointermove', onMove)
    element.removeEventListener('pointerup', onUp)
    element.removeEventListener('pointercancel', onCancel)
    element.removeEventListener('pointerleave', onLeave)
    element.removeEventListener('wheel', onWheel)
  }
}

const ordered = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a])
