import { Minus, Navigation, Plus } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { ScaleBar } from '../ui/scale-bar.tsx'
import { useWords } from '../words/words.ts'
import { type LabelOf, type LabelsHandle, PlaceLabels } from './place-labels.tsx'
import type { PictureHandle } from './place-picture.tsx'
import type { DrawnPlace, PlacePoint, Thing } from './place-types.ts'
import { boundsForPlan, outlinePath, type PlanBox, planRoutes } from './plan-shapes.ts'
import { movedPlan, nearerPlan, type PlanView, planOfThing, shownPart, wholePlan } from './plan-view.ts'
import { controlByPointer } from './pointer-control.ts'
import type { SceneState } from './scene/scene-state.ts'
import { daylightAt } from './sun.ts'

interface PlacePlanProps {
  readonly place: DrawnPlace
  readonly state: SceneState
  readonly labels: readonly LabelOf[]
  readonly selected: string | undefined
  readonly handle: RefObject<PictureHandle | undefined>
  onSelect(id: string | undefined): void
}

const plainTokens: Readonly<Record<string, string>> = {
  building: 'place-roof',
  roof: 'place-module',
  canopy: 'place-module',
  field: 'place-module',
}

const fillOf = (thing: Thing, { tints }: SceneState, owner: string | undefined): string => {
  if (tints) return tints.get(thing.id) ?? tints.get(owner ?? '') ?? 'place-untold'
  const { family } = thing
  return plainTokens[thing.form] ?? (family && family !== 'network' && family !== 'reserve' ? family : 'place-metal')
}

/** Size of the frame, CSS pixels. */
interface FrameSize {
  readonly widthPx: number
  readonly heightPx: number
}

/** The place from above, north up: the same things, flows and colours without a third dimension. */
export function PlacePlan({ place, state, labels, selected, handle, onSelect }: PlacePlanProps) {
  const { say } = useWords()
  const frame = useRef<HTMLDivElement>(null)
  const names = useRef<LabelsHandle>(null)
  const box = useMemo(() => boundsForPlan(place.extent), [place])
  const [view, setView] = useState(() => wholePlan(box))
  const [size, setSize] = useState<FrameSize>({ widthPx: 0, heightPx: 0 })
  const pxPerM = Math.min(size.widthPx / box.width, size.heightPx / box.height) * view.times
  const latest = useRef({ view, size, pxPerM, onSelect })
  latest.current = { view, size, pxPerM, onSelect }
  const part = shownPart(box, view)

  useEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = (): void => setSize({ widthPx: element.clientWidth, heightPx: element.clientHeight })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    const letGo = controlByPointer(element, {
      move(across, ahead) {
        const metres = element.clientHeight / latest.current.pxPerM
        setView((before) => movedPlan(box, before, [across * metres, -ahead * metres]))
      },
      zoom(factor, at) {
        const { size: own, pxPerM: scale, view: seen } = latest.current
        const [east, south] = [(at[0] - own.widthPx / 2) / scale, (at[1] - own.heightPx / 2) / scale]
        const point = [seen.middle[0] + east, seen.middle[1] + south] as const
        setView((before) => nearerPlan(box, before, factor, point))
      },
      choose: (at) => latest.current.onSelect(thingAt(element, at)),
    })
    return () => {
      letGo()
      observer.disconnect()
    }
  }, [box])
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are arranged anew when they change
  useEffect(
    () => names.current?.move(spotsIn(place, view, size, pxPerM)),
    [place, view, size, pxPerM, labels, selected],
  )
  useEffect(() => {
    handle.current = {
      lookAt(id) {
        const thing = place.things.find((one) => one.id === id)
        if (thing) setView(planOfThing(box, thing))
      },
    }
  }, [place, box, handle])

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = keyedPlan(box, view, event.key)
    if (next) setView(next)
    else if (event.key === 'Escape') onSelect(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="place-picture">
      <div
        ref={frame}
        className="place-frame place-plan-frame"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the plan is moved by keys
        tabIndex={0}
        aria-label={`${say('place.planSays')}. ${say('place.planKeys')}`}
        onKeyDown={onKeyDown}
      >
        <PlanDrawing {...{ place, state, box, part, selected }} times={view.times} />
      </div>
      <PlaceLabels ref={names} labels={labels} selected={selected} onSelect={onSelect} />
      <div className="place-views" role="toolbar" aria-label={say('place.views')}>
        <button type="button" className="button" onClick={() => setView(wholePlan(box))}>
          {say('place.view.whole')}
        </button>
        <button
          type="button"
          className="button icon"
          title={say('place.nearer')}
          aria-label={say('place.nearer')}
          onClick={() => setView((before) => nearerPlan(box, before, 0.6))}
        >
          <Plus size={16} aria-hidden />
        </button>
        <button
          type="button"
          className="button icon"
          title={say('place.farther')}
          aria-label={say('place.farther')}
          onClick={() => setView((before) => nearerPlan(box, before, 1 / 0.6))}
        >
          <Minus size={16} aria-hidden />
        </button>
      </div>
      {pxPerM > 0 && !place.schematic && <ScaleBar metresPerPx={1 / pxPerM} />}
      <span className="place-north" title={say('place.north')} aria-hidden>
        <Navigation size={15} style={{ transform: 'rotate(-45deg)' }} />
        {say('place.direction.n')}
      </span>
    </div>
  )
}

/** What is pressed at a place of the frame: things carry their names in the drawing. */
function thingAt(frame: HTMLElement, [x, y]: PlacePoint): string | undefined {
  const { left, top } = frame.getBoundingClientRect()
  const hit = document.elementFromPoint(left + x, top + y)?.closest<SVGElement>('.place-thing')
  return hit?.dataset.owner
}

/** Of its own width, a key moves a plan by so much. */
const keyShare = 0.12

function keyedPlan(box: PlanBox, view: PlanView, key: string): PlanView | undefined {
  const stepM = (keyShare * box.width) / view.times
  switch (key) {
    case 'ArrowLeft':
      return movedPlan(box, view, [-stepM, 0])
    case 'ArrowRight':
      return movedPlan(box, view, [stepM, 0])
    case 'ArrowUp':
      return movedPlan(box, view, [0, -stepM])
    case 'ArrowDown':
      return movedPlan(box, view, [0, stepM])
    case '+':
    case '=':
      return nearerPlan(box, view, 0.8)
    case '-':
      return nearerPlan(box, view, 1.25)
    case 'Home':
      return wholePlan(box)
    default:
      return undefined
  }
}

interface PlanDrawingProps extends Pick<PlacePlanProps, 'place' | 'state' | 'selected'> {
  readonly box: PlanBox
  readonly part: PlanBox
  readonly times: number
}

function PlanDrawing({ place, state, selected, box, part, times }: PlanDrawingProps) {
  const owners = useMemo(
    () => new Map(place.things.flatMap(({ id, buildings }) => buildings.map((building) => [building, id] as const))),
    [place],
  )
  const shown = place.things.filter(({ bodies, buildings }) => bodies.length > 0 && buildings.length === 0)
  const day = daylightAt(state.sun.altitudeDeg).day
  return (
    <svg className="place-svg" viewBox={`${part.x} ${part.y} ${part.width} ${part.height}`} aria-hidden="true">
      <rect
        className="place-board"
        x={box.x + box.rim}
        y={box.y + box.rim}
        width={box.width - 2 * box.rim}
        height={box.height - 2 * box.rim}
      />
      {place.ground.map(({ cover, outlineM, lineM, widthM }, index) => (
        <path
          // biome-ignore lint/suspicious/noArrayIndexKey: the ground of a place does not change
          key={index}
          d={outlinePath(outlineM ?? lineM ?? [], outlineM !== undefined)}
          style={
            outlineM
              ? { fill: `var(--place-${cover})` }
              : { fill: 'none', stroke: `var(--place-${cover})`, strokeWidth: widthM }
          }
        />
      ))}
      {shown.map((thing) => (
        <g
          key={thing.id}
          className="place-thing"
          data-selected={selected !== undefined && (thing.id === selected || owners.get(thing.id) === selected)}
          data-owner={owners.get(thing.id) ?? thing.id}
        >
          <title>{thing.title}</title>
          {thing.bodies.map(({ outline }, index) => (
            <path
              // biome-ignore lint/suspicious/noArrayIndexKey: bodies have no other name
              key={index}
              d={outlinePath(outline, true)}
              style={{ fill: `var(--${fillOf(thing, state, owners.get(thing.id))})` }}
            />
          ))}
          {thing.bodies.slice(0, 1).map(({ rectangle: { at } }) => (
            <circle key="spot" cx={at[0]} cy={-at[1]} r={part.width / 110} className="place-spot" />
          ))}
        </g>
      ))}
      <rect
        className="place-dark"
        x={box.x}
        y={box.y}
        width={box.width}
        height={box.height}
        style={{ opacity: (1 - day) * 0.28 }}
      />
      {planRoutes(place.routes, state.flows).map(({ d, widthM, token, flows }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: routes keep their order
        <g key={index}>
          <path d={d} className="place-cable" />
          {flows && (
            <path d={d} className="place-flow" style={{ stroke: `var(--${token})`, strokeWidth: widthM / times }} />
          )}
        </g>
      ))}
    </svg>
  )
}

/** Where things are in the frame, in whose middle the drawing keeps its shape. */
const spotsIn = (
  { things }: DrawnPlace,
  { middle: [x, y] }: PlanView,
  { widthPx, heightPx }: FrameSize,
  pxPerM: number,
): ReadonlyMap<string, PlacePoint> =>
  new Map(
    things.map(({ id, anchor: { point } }) => [
      id,
      [widthPx / 2 + (point[0] - x) * pxPerM, heightPx / 2 + (-point[1] - y) * pxPerM - 4] as const,
    ]),
  )
