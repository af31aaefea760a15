import type { View } from './pieces.ts'
import { panned, zoomed } from './trend-view.ts'

/** The view that a key leads to; `now` for one that follows now; undefined for a key of something else. */
export function viewAfterKey(key: string, shift: boolean, view: View): View | 'now' | undefined {
  const middleMs = (view.fromMs + view.toMs) / 2
  switch (key) {
    case 'ArrowLeft':
      return panned(view, shift ? -1 : -0.1)
    case 'ArrowRight':
      return panned(view, shift ? 1 : 0.1)
    case 'PageUp':
      return panned(view, -1)
    case 'PageDown':
      return panned(view, 1)
    case '+':
    case '=':
    case 'ArrowUp':
      return zoomed(view, 1 / 1.5, middleMs)
    case '-':
    case 'ArrowDown':
      return zoomed(view, 1.5, middleMs)
    case 'End':
      return 'now'
    default:
      return undefined
  }
}
