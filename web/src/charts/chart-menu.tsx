import { lazy, Suspense } from 'react'
import type { ChartActionsProps } from './chart-actions.tsx'

const ChartActions = lazy(() =>
  import('./chart-actions.tsx').then(({ ChartActions: actions }) => ({ default: actions })),
)

/** The menu at the corner of a chart; its code comes behind the chart. Any drawing may have one. */
export const ChartMenu = (props: ChartActionsProps) => (
  <div className="chart-menu-place">
    <Suspense>
      <ChartActions {...props} />
    </Suspense>
  </div>
)
