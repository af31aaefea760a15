import { type Ref, useImperativeHandle, useState } from 'react'
import { ScaleBar } from '../ui/scale-bar.tsx'
import { useWords } from '../words/words.ts'
import type { GridLine, MapGrid } from './map-grid.ts'

export interface GridHandle {
  show(grid: MapGrid): void
}

/** Lines of latitude and longitude with their degrees, and how long a stretch is: where no coast is in sight, they tell the place. */
export function MapGridLines({ ref }: { readonly ref: Ref<GridHandle> }) {
  const { say } = useWords()
  const [{ lines, metresPerPx }, show] = useState<MapGrid>({ lines: [], metresPerPx: 0 })
  useImperativeHandle(ref, () => ({ show }), [])
  const words = ({ along, degrees }: GridLine): string => {
    if (degrees === 0) return '0°'
    const side = along === 'latitude' ? (degrees > 0 ? 'north' : 'south') : degrees > 0 ? 'east' : 'west'
    return say(`overview.degrees.${side}`, { degrees: Math.abs(degrees) })
  }
  return (
    <div className="overview-grid" aria-hidden>
      {lines.map((line) => (
        <span
          key={`${line.along} ${line.degrees}`}
          data-along={line.along}
          style={line.along === 'latitude' ? { top: line.px } : { left: line.px }}
        >
          <small>{words(line)}</small>
        </span>
      ))}
      {metresPerPx > 0 && <ScaleBar metresPerPx={metresPerPx} />}
    </div>
  )
}
