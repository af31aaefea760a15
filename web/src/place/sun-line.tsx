import { Moon, Sun as SunGlyph } from 'lucide-react'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { Sun } from './sun.ts'

const directions = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const

/** Where the sun stands, in words. */
export function SunLine({ sun: { azimuthDeg, altitudeDeg } }: { readonly sun: Sun }) {
  const { say } = useWords()
  const direction = directions[Math.round((((azimuthDeg % 360) + 360) % 360) / 45) % 8] ?? 'n'
  const isUp = altitudeDeg > 0
  const Glyph = isUp ? SunGlyph : Moon
  return (
    <p className="place-sun">
      <Glyph size={15} aria-hidden />
      {isUp
        ? say('place.sunUp', { altitude: formatNumber(altitudeDeg, 2), direction: say(`place.direction.${direction}`) })
        : say('place.sunDown')}
    </p>
  )
}
