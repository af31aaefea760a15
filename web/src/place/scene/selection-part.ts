import { BufferAttribute, BufferGeometry, LineBasicMaterial, LineSegments } from 'three'
import type { PlacePoint, Thing } from '../place-types.ts'
import type { Palette } from './palette.ts'

/** Edges around what is selected, seen through everything. */
export function selectionLines(palette: Palette): {
  readonly root: LineSegments
  show(thing: Thing | undefined): void
} {
  const material = new LineBasicMaterial({ color: palette('focus'), depthTest: false, transparent: true })
  const root = new LineSegments(new BufferGeometry(), material)
  root.renderOrder = 5
  root.frustumCulled = false
  root.raycast = () => undefined
  return {
    root,
    show(thing) {
      const points: number[] = []
      const line = ([ae, an]: PlacePoint, aUp: number, [be, bn]: PlacePoint, bUp: number): void =>
        void points.push(ae, aUp, -an, be, bUp, -bn)
      for (const { outline, baseM, heightM } of thing?.bodies ?? []) {
        outline.forEach((from, index) => {
          const to = outline[(index + 1) % outline.length]!
          const [foot, top] = [baseM + 0.5, baseM + heightM + 0.6]
          line(from, foot, to, foot)
          line(from, top, to, top)
          line(from, foot, from, top)
        })
      }
      root.geometry.dispose()
      root.geometry = new BufferGeometry()
      root.geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3))
      root.visible = points.length > 0
    },
  }
}
