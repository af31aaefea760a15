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
