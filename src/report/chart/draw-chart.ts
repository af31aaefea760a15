import type { Chart } from '../model/schema.ts'
import { drawBars, drawStacked } from './draw-bars.ts'
import { drawDial } from './draw-dial.ts'
import { drawLine } from './draw-line.ts'
import type { Drawing, Scene } from './scene.ts'

/** A chart as shapes and words, which a page of any kind can draw. */
export function drawChart(chart: Chart, drawing: Drawing): Scene {
  switch (chart.kind) {
    case 'bars':
      return drawBars(chart, drawing)
    case 'stacked':
      return drawStacked(chart, drawing)
    case 'line':
      return drawLine(chart, drawing)
    case 'dial':
      return drawDial(chart, drawing)
  }
}
