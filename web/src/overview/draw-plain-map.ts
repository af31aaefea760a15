import type { Position } from 'geojson'
import { coastsOf, type Land, nearestCoast } from './land.ts'
import { type Bounds, type MapView, mercator } from './map-view.ts'

const svgName = 'http://www.w3.org/2000/svg'
/** The whole circle is so many units wide in the picture. */
const units = 10_000

const pathOf = (lines: readonly (readonly Position[])[]): string =>
  lines
    .map((line) => {
      const points = line.map(([longitude = 0, latitude = 0]) => {
        const [x, y] = mercator({ latitude, longitude })
        return `${(x * units).toFixed(1)} ${(y * units).toFixed(1)}`
      })
      return `M${points.join('L')}Z`
    })
    .join('')

/** Draws the same map as an SVG picture, where no graphics card can be had. */
export function drawPlainMap(element: HTMLElement, land: Land, onMove: () => void): MapView {
  const svg = document.createElementNS(svgName, 'svg')
  svg.setAttribute('class', 'overview-plain')
  svg.setAttribute('preserveAspectRatio', 'xMidYMid slice')
  const path = document.createElementNS(svgName, 'path')
  path.setAttribute('class', 'overview-land')
  path.setAttribute('d', pathOf(coastsOf(land)))
  svg.append(path)
  element.append(svg)
  /** Middle in units of the picture, and how many of them a pixel is. */
  let view = { x: units / 2, y: units / 2, unitsPerPx: 10 }
  const size = (): readonly [number, number] => [element.clientWidth || 1, element.clientHeight || 1]
  const draw = (): void => {
    const [width, height] = size()
    const { x, y, unitsPerPx } = view
    const box = [x - (width / 2) * unitsPerPx, y - (height / 2) * unitsPerPx, width * unitsPerPx, height * unitsPerPx]
    svg.setAttribute('viewBox', box.map((value) => value.toFixed(2)).join(' '))
    onMove()
  }
  let dragged: { readonly x: number; readonly y: number } | undefined
  svg.addEventListener('pointerdown', ({ clientX, clientY, pointerId }) => {
    dragged = { x: clientX, y: clientY }
    svg.setPointerCapture(pointerId)
  })
  svg.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (!dragged) return
    const { x, y, unitsPerPx } = view
    view = { ...view, x: x - (clientX - dragged.x) * unitsPerPx, y: y - (clientY - dragged.y) * unitsPerPx }
    dragged = { x: clientX, y: clientY }
    draw()
  })
  svg.addEventListener('pointerup', () => {
    dragged = undefined
  })
  const show = ({ west, south, east, north }: Bounds): void => {
    const [left, top] = mercator({ latitude: north, longitude: west })
    const [right, bottom] = mercator({ latitude: south, longitude: east })
    const [width, height] = size()
    view = {
      x: ((left + right) / 2) * units,
      y: ((top + bottom) / 2) * units,
      unitsPerPx: Math.max(((right - left) * units) / width, ((bottom - top) * units) / height),
    }
    draw()
  }
  return {
    coastNear: (place) => nearestCoast(land, place),
    toPx: (place) => {
      const [width, height] = size()
      const [x, y] = mercator(place)
      return [(x * units - view.x) / view.unitsPerPx + width / 2, (y * units - view.y) / view.unitsPerPx + height / 2]
    },
    show,
    zoomBy: (steps) => {
      view = { ...view, unitsPerPx: Math.min(20, Math.max(0.02, view.unitsPerPx / 2 ** steps)) }
      draw()
    },
    paint: () => undefined,
    resize: draw,
    remove: () => svg.remove(),
  }
}
