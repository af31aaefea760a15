import {
  AirVent,
  Atom,
  BatteryMedium,
  Cable,
  Cylinder,
  EvCharger,
  Factory,
  Flame,
  Fuel,
  HousePlug,
  type LucideIcon,
  ShieldCheck,
  Sun,
  Thermometer,
  UtilityPole,
  Waves,
  Wind,
} from 'lucide-react'
import { type Family, quietFamilies } from './families.ts'

export const glyphs: Readonly<Record<Family, LucideIcon>> = {
  solar: Sun,
  wind: Wind,
  hydro: Waves,
  chp: HousePlug,
  genset: Fuel,
  hydrogen: Atom,
  battery: BatteryMedium,
  grid: UtilityPole,
  load: Factory,
  ev: EvCharger,
  'heat-pump': AirVent,
  boiler: Flame,
  'heat-store': Cylinder,
  'heat-use': Thermometer,
  network: Cable,
  reserve: ShieldCheck,
}

const quiet: ReadonlySet<Family> = new Set(quietFamilies)

export const colour = (family: Family): string => `var(--${quiet.has(family) ? 'ink-soft' : family})`

const page = (): Element => document.documentElement

/** A token's colour as it is now, for canvas; in the theme of an element where it has its own. */
export const resolvedColour = (token: string, of: Element = page()): string =>
  getComputedStyle(of).getPropertyValue(`--${token}`).trim()

/** A token's colour thinned with paper, opaque, for canvas. */
export function mixedColour(token: string, share: number, of: Element = page()): string {
  const probe = document.createElement('i')
  probe.style.color = `color-mix(in oklab, var(--${token}) ${share * 100}%, var(--paper))`
  ;(of === page() ? document.body : of).append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

const plain = new Map<string, string>()
let pixel: CanvasRenderingContext2D | null | undefined

/** A colour as `#rrggbb`, which programs know that have never heard of OKLCH. */
export function plainColour(css: string): string {
  const known = plain.get(css)
  if (known !== undefined) return known
  if (pixel === undefined) {
    const canvas = document.createElement('canvas')
    canvas.width = 1
    canvas.height = 1
    pixel = canvas.getContext('2d', { willReadFrequently: true })
  }
  if (!pixel) return css
  pixel.fillStyle = css
  pixel.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = pixel.getImageData(0, 0, 1, 1).data
  const hex = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  plain.set(css, hex)
  return hex
}

/** What paints in the theme of an element, in plain colours. */
export const painterOf =
  (of: Element = page()) =>
  (token: string, share?: number): string =>
    plainColour(share === undefined ? resolvedColour(token, of) : mixedColour(token, share, of))
