import { Map as GlMap, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { painterOf } from '../ui/canvas-colour.ts'
import { type Land, nearestCoast } from './land.ts'
import type { MapView } from './map-view.ts'

// A file of this server: the policy of the page allows no worker out of a blob.
setWorkerUrl(workerUrl)

/** Colours that the map knows, in the theme that is shown. */
const coloursOf = () => {
  const paint = painterOf()
  return { sea: paint('sunken'), land: paint('surface'), coast: paint('line-strong') }
}

/** Draws by the graphics card, or by software that stands in for one. @throws where there is neither */
export function drawMap(element: HTMLElement, land: Land, onMove: () => void): MapView {
  const { sea, land: ground, coast } = coloursOf()
  const map = new GlMap({
    container: element,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    maxZoom: 9,
    fadeDuration: 0,
    style: {
      version: 8,
      sources: {
        land: { type: 'geojson', data: land },
      },
      layers: [
        { id: 'sea', type: 'background', paint: { 'background-color': sea } },
        { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': ground } },
        { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': coast, 'line-width': 1 } },
      ],
    },
  })
  map.touchZoomRotate.disableRotation()
  // The marks and the buttons are what keys reach.
  map.getCanvas().tabIndex = -1
  map.on('move', onMove)
  return {
    coastNear: (place) => nearestCoast(land, place),
    toPx: ({ latitude, longitude }) => {
      const { x, y } = map.project([longitude, latitude])
      return [x, y]
    },
    show: ({ west, south, east, north }) =>
      void map.fitBounds([west, south, east, north], { padding: 72, animate: false, maxZoom: 4 }),
    zoomBy: (steps) => void map.zoomTo(map.getZoom() + steps, { duration: reducedMotion() ? 0 : 200 }),
    paint() {
      if (!map.isStyleLoaded()) return void map.once('idle', () => this.paint())
      const colours = coloursOf()
      map.setPaintProperty('sea', 'background-color', colours.sea)
      map.setPaintProperty('land', 'fill-color', colours.land)
      map.setPaintProperty('coast', 'line-color', colours.coast)
    },
    resize: () => void map.resize(),
    remove: () => void map.remove(),
  }
}

const reducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches
