import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { mixedColour, resolvedColour } from '../ui/sources.ts'

use([
  BarChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  SVGRenderer,
])

export type DiagramOption = EChartsCoreOption

export interface Diagram {
  resize(): void
  remove(): void
}

const paint = (token: string, share?: number): string =>
  share === undefined ? resolvedColour(token) : mixedColour(token, share)

/** Draws into an element, in the colours and letters of the console. */
export function drawDiagram(
  element: HTMLElement,
  option: (paint: (token: string, share?: number) => string) => DiagramOption,
  onChoose: (chosen: { readonly series: string; readonly index: number }) => void,
): Diagram {
  const chart = init(element, themeOf(), { renderer: 'svg' })
  chart.setOption({ animation: false, ...option(paint) })
  chart.on('click', ({ seriesName = '', dataIndex }) => onChoose({ series: seriesName, index: dataIndex }))
  return { resize: () => chart.resize(), remove: () => chart.dispose() }
}

function themeOf(): object {
  const axis = {
    axisLine: { lineStyle: { color: paint('line-strong') } },
    axisLabel: { color: paint('ink-faint') },
    nameTextStyle: { color: paint('ink-soft') },
    splitLine: { lineStyle: { color: paint('line') } },
    axisTick: { show: false },
  }
  return {
    backgroundColor: 'transparent',
    textStyle: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontSize: 12, color: paint('ink') },
    categoryAxis: axis,
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
    legend: { textStyle: { color: paint('ink-soft') } },
    tooltip: {
      backgroundColor: paint('surface'),
      borderColor: paint('line-strong'),
      textStyle: { color: paint('ink'), fontSize: 12 },
    },
    visualMap: { textStyle: { color: paint('ink-soft') } },
  }
}
