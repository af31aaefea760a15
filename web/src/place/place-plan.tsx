import { useEffect, useMemo, useRef } from 'react'
import { useWords } from '../words/words.ts'
import { type LabelOf, type LabelsHandle, PlaceLabels } from './place-labels.tsx'
import type { DrawnPlace, PlacePoint, Thing } from './place-types.ts'
import { boundsForPlan, outlinePath, type PlanBox, planRoutes } from './plan-shapes.ts'
import type { SceneState } from './scene/scene-state.ts'
import { daylightAt } from './sun.ts'

interface PlacePlanProps {
  readonly place: DrawnPlace
  readonly state: SceneState
  readonly labels: readonly LabelOf[]
  readonly selected: string | undefined
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

/** The place from above, north up: the same things, flows and colours without a third dimension. */
export function PlacePlan({ place, state, labels, selected, onSelect }: PlacePlanProps) {
  const { say } = useWords()
  const frame = useRef<HTMLDivElement>(null)
  const names = useRef<LabelsHandle>(null)
  const box = useMemo(() => boundsForPlan(place.extent), [place])
  const owners = useMemo(
    () => new Map(place.things.flatMap(({ id, buildings }) => buildings.map((building) => [building, id] as const))),
    [place],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are arranged anew when they change
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const arrange = (): void => names.current?.move(spotsIn(place, box, element.clientWidth, element.clientHeight))
    const observer = new ResizeObserver(arrange)
    observer.observe(element)
    arrange()
    return () => observer.disconnect()
  }, [place, box, labels, selected])
  const shown = place.things.filter(({ bodies, buildings }) => bodies.length > 0 && buildings.length === 0)
  const day = daylightAt(state.sun.altitudeDeg).day
  return (
    <div className="place-picture">
      <div ref={frame} className="place-frame">
        <svg
          className="place-svg"
          viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
          role="img"
          aria-label={say('place.planSays')}
        >
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
            // biome-ignore lint/a11y/noStaticElementInteractions: the list beside the plan does the same by keys
            <g
              key={thing.id}
              className="place-thing"
              data-selected={thing.id === selected || owners.get(thing.id) === selected}
              onClick={() => onSelect(owners.get(thing.id) ?? thing.id)}
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
                <circle key="spot" cx={at[0]} cy={-at[1]} r={box.width / 110} className="place-spot" />
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
                <path d={d} className="place-flow" style={{ stroke: `var(--${token})`, strokeWidth: widthM }} />
              )}
            </g>
          ))}
        </svg>
      </div>
      <PlaceLabels ref={names} labels={labels} selected={selected} onSelect={onSelect} />
    </div>
  )
}

/** Where things are in the picture, which keeps its shape within its frame. */
function spotsIn(place: DrawnPlace, box: PlanBox, widthPx: number, heightPx: number): ReadonlyMap<string, PlacePoint> {
  const scale = Math.min(widthPx / box.width, heightPx / box.height)
  const [left, top] = [(widthPx - box.width * scale) / 2, (heightPx - box.height * scale) / 2]
  return new Map(
    place.things.map(({ id, anchor: { point } }) => [
      id,
      [left + (point[0] - box.x) * scale, top + (-point[1] - box.y) * scale - 4] as const,
    ]),
  )
}
