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
import { painterOf } from '../ui/canvas-colour.ts'
import { canvasFamily } from '../ui/canvas-letters.ts'
import type { DiagramPicture } from './wrap-diagram-svg.ts'

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
  /** The drawing alone, as it stands, with its size. */
  picture(): DiagramPicture
}

type Paint = (token: string, share?: number) => string

/** Draws into an element, in the colours and letters of the console. */
export function drawDiagram(
  element: HTMLElement,
  option: (paint: Paint) => DiagramOption,
  onChoose: (chosen: { readonly series: string; readonly index: number }) => void,
): Diagram {
  const paint = painterOf(element)
  const chart = init(element, themeOf(paint), { renderer: 'svg' })
  chart.setOption({ animation: false, ...option(paint) })
  chart.on('click', ({ seriesName = '', dataIndex }) => onChoose({ series: seriesName, index: dataIndex }))
  return {
    resize: () => chart.resize(),
    remove: () => chart.dispose(),
    picture: () => ({ svg: chart.renderToSVGString(), widthPx: chart.getWidth(), heightPx: chart.getHeight() }),
  }
}

function themeOf(paint: Paint): object {
  const axis = {
    axisLine: { lineStyle: { color: paint('line-strong') } },
    axisLabel: { color: paint('ink-soft') },
    nameTextStyle: { color: paint('ink-soft') },
    splitLine: { lineStyle: { color: paint('line') } },
    axisTick: { show: false },
  }
  return {
    backgroundColor: 'transparent',
    textStyle: { fontFamily: canvasFamily, fontSize: 12, color: paint('ink') },
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
