import { Minus, Navigation, Plus } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { Site } from '../api/types.ts'
import { useWords } from '../words/words.ts'
import { type LabelOf, type LabelsHandle, PlaceLabels } from './place-labels.tsx'
import type { DrawnPlace } from './place-types.ts'
import { controlByPointer } from './pointer-control.ts'
import type { PlaceScene } from './scene/place-scene.ts'
import type { SceneState } from './scene/scene-state.ts'
import type { LoadedModel } from './use-models.ts'
import { movedView, nearerView, turnedView, type View, viewOf, viewOfThing, viewsOf } from './views.ts'

export interface PictureHandle {
  /** Looks at one thing from near. */
  lookAt(thing: string): void
}

interface PlacePictureProps {
  readonly site: Site
  readonly place: DrawnPlace
  readonly state: SceneState
  readonly labels: readonly LabelOf[]
  readonly models: readonly LoadedModel[]
  readonly selected: string | undefined
  /** Nothing moves by itself. */
  readonly still: boolean
  /** From where it was looked at, when it is opened again. */
  readonly lastView: RefObject<View | undefined>
  readonly handle: RefObject<PictureHandle | undefined>
  onSelect(id: string | undefined): void
  onFailure(): void
}

/** The place in three dimensions. Its code comes with the first one. */
export function PlacePicture(props: PlacePictureProps) {
  const { site, place, state, labels, models, selected, still, lastView, handle, onSelect, onFailure } = props
  const { say } = useWords()
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const scene = useRef<PlaceScene>(undefined)
  const names = useRef<LabelsHandle>(null)
  const [drawn, setDrawn] = useState(false)
  const [opened, setOpened] = useState(0)
  const [headingDeg, setHeadingDeg] = useState(0)
  const last = useRef({ onSelect, onFailure, state, selected })
  last.current = { onSelect, onFailure, state, selected }
  const fields = useMemo(() => new Map(site.assets.map(({ id, fields: own }) => [id, own])), [site])

  const look = (view: View, smoothly: boolean): void => {
    lastView.current = view
    setHeadingDeg(Math.round(view.headingDeg))
    scene.current?.look(view, smoothly)
  }
  const aspect = (): number => (frame.current ? frame.current.clientWidth / Math.max(1, frame.current.clientHeight) : 1)
  const change = (make: (view: View) => View, smoothly = false): void => {
    if (scene.current) look(make(scene.current.view), smoothly)
  }
  const changes = useRef(change)
  changes.current = change

  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes within a scene is told to it below
  useEffect(() => {
    const [element, surface] = [frame.current, canvas.current]
    if (!element || !surface) return
    let gone = false
    const ends: (() => void)[] = []
    void import('./scene/place-scene.ts')
      .then(({ openPlaceScene }) => {
        if (gone) return
        let latest: Parameters<LabelsHandle['move']>[0] = new Map()
        const opening = openPlaceScene(surface, {
          place,
          fieldsOf: (thing) => fields.get(thing) ?? {},
          still,
          onDrawn(spots) {
            latest = spots
            names.current?.move(latest)
            setDrawn(true)
          },
        })
        scene.current = opening
        ends.push(() => opening.close())
        opening.look(lastView.current ?? viewOf('whole', place, aspect()))
        opening.select(last.current.selected)
        opening.show(last.current.state)
        setHeadingDeg(Math.round(opening.view.headingDeg))
        const fit = (): void => opening.resize(element.clientWidth, element.clientHeight)
        const observer = new ResizeObserver(fit)
        observer.observe(element)
        ends.push(() => observer.disconnect())
        fit()
        ends.push(
          controlByPointer(surface, {
            turn: (byDeg, steeperDeg) => changes.current((view) => turnedView(view, byDeg, steeperDeg)),
            move: (across, ahead) => changes.current((view) => movedView(view, across, ahead, place)),
            zoom: (factor) => changes.current((view) => nearerView(view, factor, place)),
            choose: (point) => last.current.onSelect(opening.thingAt(point)),
          }),
        )
        setOpened((count) => count + 1)
      })
      .catch(() => {
        if (!gone) last.current.onFailure()
      })
    return () => {
      gone = true
      scene.current = undefined
      for (const end of ends.toReversed()) end()
    }
  }, [place, still])

  useEffect(() => scene.current?.show(state), [state])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a scene that was opened anew is told too
  useEffect(() => scene.current?.select(selected), [selected, labels, opened])
  useEffect(() => {
    const open = scene.current
    if (!open || opened === 0) return
    for (const { model, city, object } of models) {
      if (city) open.addCity(city, model)
      if (object) open.addObject(object, model)
    }
  }, [models, opened])
  useEffect(() => {
    handle.current = {
      lookAt(id) {
        const thing = place.things.find((one) => one.id === id)
        if (thing && thing.bodies.length > 0) changes.current(() => viewOfThing(thing), true)
      },
    }
  }, [place, handle])

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key, shiftKey } = event
    const arrows: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    }
    const arrow = arrows[key]
    if (arrow) {
      if (shiftKey) change((view) => movedView(view, arrow[0] * 0.08, arrow[1] * 0.08, place))
      else change((view) => turnedView(view, arrow[0] * 12, arrow[1] * 6))
    } else if (key === '+' || key === '=') change((view) => nearerView(view, 0.8, place))
    else if (key === '-') change((view) => nearerView(view, 1.25, place))
    else if (key === 'Home') change(() => viewOf('whole', place, aspect()), true)
    else if (key === 'Escape') onSelect(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="place-picture" aria-busy={!drawn}>
      <div
        ref={frame}
        className="place-frame"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is turned and moved by keys
        tabIndex={0}
        aria-label={`${say('place.picture')}. ${say('place.keys')}`}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} className="place-canvas" aria-hidden />
      </div>
      <PlaceLabels ref={names} labels={labels} selected={selected} onSelect={onSelect} />
      {!drawn && <div className="place-veil" role="status" aria-label={say('state.loading')} />}
      <div className="place-views" role="toolbar" aria-label={say('place.views')}>
        {viewsOf(place).map((name) => (
          <button
            key={name}
            type="button"
            className="button"
            onClick={() => change(() => viewOf(name, place, aspect()), true)}
          >
            {say(`place.view.${name}`)}
          </button>
        ))}
        <button
          type="button"
          className="button icon"
          title={say('place.nearer')}
          onClick={() => change((view) => nearerView(view, 0.7, place), true)}
        >
          <Plus size={16} aria-hidden />
          <span className="visually-hidden">{say('place.nearer')}</span>
        </button>
        <button
          type="button"
          className="button icon"
          title={say('place.farther')}
          onClick={() => change((view) => nearerView(view, 1.4, place), true)}
        >
          <Minus size={16} aria-hidden />
          <span className="visually-hidden">{say('place.farther')}</span>
        </button>
      </div>
      <span className="place-north" title={say('place.north')} aria-hidden>
        <Navigation size={15} style={{ transform: `rotate(${-headingDeg - 45}deg)` }} />
        {say('place.direction.n')}
      </span>
    </div>
  )
}
