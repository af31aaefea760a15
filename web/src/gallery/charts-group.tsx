import { useCallback, useMemo } from 'react'
import { Chart } from '../charts/chart.tsx'
import { Diagram, type DiagramOption } from '../charts/diagram.tsx'
import { type ChartSpec, stack } from '../charts/spec.ts'
import { useWords } from '../words/words.ts'
import { sampleDay } from './samples.ts'

const startMs = Date.UTC(2026, 6, 6)
const quarterMs = 900_000

/** A chart of a made-up day, and a diagram in the palette for what is no source. */
export function Charts() {
  const { say } = useWords()
  const spec = useMemo((): ChartSpec => {
    const [solar = [], wind = []] = stack([sampleDay.sun, sampleDay.wind])
    return {
      timestampsMs: Array.from({ length: 97 }, (_, k) => startMs + k * quarterMs),
      unit: 'kW',
      heightPx: 200,
      planFromMs: startMs + 60 * quarterMs,
      lines: [
        { label: say('kind.solar'), token: 'solar', shape: 'area', values: solar },
        { label: say('kind.wind'), token: 'wind', shape: 'area', values: wind },
        { label: say('park.use'), token: 'load', shape: 'line', values: sampleDay.use },
      ],
    }
  }, [say])
  const option = useCallback(
    (paint: (token: string) => string): DiagramOption => ({
      grid: { left: 40, right: 8, top: 12, bottom: 24 },
      xAxis: { type: 'category', data: [1, 2, 3, 4, 5, 6].map((number) => `data-${number}`) },
      yAxis: { type: 'value' },
      series: [
        {
          type: 'bar',
          name: say('charts.value'),
          data: [8, 5, 7, 3, 6, 4].map((value, k) => ({ value, itemStyle: { color: paint(`data-${k + 1}`) } })),
        },
      ],
    }),
    [say],
  )
  return (
    <>
      <Chart title={say('gallery.chart')} summary={say('gallery.chartSays')} spec={spec} zone="UTC" />
      <Diagram
        title={say('gallery.diagram')}
        summary={say('gallery.diagramSays')}
        heightPx={180}
        option={option}
        source={say('gallery.madeUp')}
      />
    </>
  )
}
