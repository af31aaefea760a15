import type { PathStep } from './schema.ts'

/** Something that can be done, before it has a place on the path. */
export interface PathOption
  extends Pick<PathStep, 'kind' | 'id' | 'title' | 'sizes' | 'saved' | 'energyChange' | 'costPerYear' | 'capex'> {
  /** It saves emissions of purchased power, of which there are no more than there are. */
  readonly ofPower: boolean
}
