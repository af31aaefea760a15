import { useEffect, useRef } from 'react'
import { useTheme } from '../app/theme.ts'
import { painterOf } from '../ui/canvas-colour.ts'
import { useWidth } from '../ui/use-width.ts'
import { useWords } from '../words/words.ts'
import { ChartMenu } from './chart-menu.tsx'
import type { ChartTable } from './chart-table.ts'
import type { DiagramOption, Diagram as Drawn } from './draw-diagram.ts'
import { tableOfDiagram } from './table-of-diagram.ts'

export type { DiagramOption } from './draw-diagram.ts'

interface DiagramProps {
  readonly title: string
  /** What it says, for those who do not see it. */
  readonly summary: string
  readonly heightPx: number
  /**
   * What to draw, in the words of ECharts; colours by `paint`, which gives a token its colour in the theme that is shown. Keep it
   * the same (`useCallback`) while it draws the same.
   */
  option(paint: (token: string, share?: number) => string): DiagramOption
  /** Its numbers, where the option alone does not tell them. */
  table?(): ChartTable
  /** Named in saved pictures; the site without it. */
  readonly source?: string
  /** The name of what was pressed: that of its series and its place in it. */
  onChoose?(chosen: { readonly series: string; readonly index: number }): void
}

/** A diagram that is no time series: heat map, scatter, bars. Its code is fetched with the first one. */
export function Diagram({ title, summary, heightPx, option, table, source, onChoose }: DiagramProps) {
  const { say } = useWords()
  const { shown } = useTheme()
  const [place, widthPx] = useWidth<HTMLDivElement>()
  const drawn = useRef<Drawn>(undefined)
  const choose = useRef(onChoose)
  choose.current = onChoose
  const visible = widthPx > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = place.current
    if (!element || !visible) return
    let gone = false
    void import('./draw-diagram.ts').then(({ drawDiagram }) => {
      if (gone) return
      drawn.current = drawDiagram(element, option, (chosen) => choose.current?.(chosen))
    })
    return () => {
      gone = true
      drawn.current?.remove()
      drawn.current = undefined
    }
  }, [place, visible, option, shown])
  useEffect(() => {
    if (widthPx > 0) drawn.current?.resize()
  }, [widthPx])
  return (
    <figure className="chart">
      <figcaption>
        <h2>{title}</h2>
        <ChartMenu
          {...{ title, source }}
          zone={Intl.DateTimeFormat().resolvedOptions().timeZone}
          picture={async (from) => {
            const { wrapDiagramSvg } = await import('./wrap-diagram-svg.ts')
            const paint = painterOf(place.current ?? undefined)
            return drawn.current && wrapDiagramSvg(drawn.current.picture(), { title, source: from, paint })
          }}
          table={
            table ??
            (() =>
              tableOfDiagram(option(painterOf(place.current ?? undefined)), {
                group: say('charts.group'),
                value: say('charts.value'),
              }))
          }
        />
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}. ${summary}`} style={{ height: heightPx }} />
    </figure>
  )
}
