import type { SiteAsset } from '../../api/types.ts'
import type { DrawnPlace, Thing } from '../place-types.ts'
import { buildingPart } from './buildings.ts'
import { chargersPart } from './chargers.ts'
import { blockPart, gensetPart, storePart, substationPart, turbinePart, weirPart } from './machines.ts'
import { modulesPart } from './modules.ts'
import type { Palette } from './palette.ts'
import type { Part } from './scene-state.ts'

type Fields = SiteAsset['fields']

function partOf(thing: Thing, fields: Fields, palette: Palette): Part {
  if (thing.form === 'turbine') return turbinePart(thing, fields, palette)
  if (thing.form === 'containers' || thing.form === 'tank') return storePart(thing, palette)
  if (thing.form === 'substation') return substationPart(thing, palette)
  if (thing.form === 'genset') return gensetPart(thing, palette)
  if (thing.form === 'weir') return weirPart(thing, palette)
  if (thing.form === 'chargers') return chargersPart(thing, palette)
  if (thing.form === 'roof' || thing.form === 'field' || thing.form === 'canopy') return modulesPart(thing, palette)
  return thing.form === 'building' ? buildingPart(thing, palette) : blockPart(thing, palette)
}

/** A part for each thing that has something to draw; what is drawn with its buildings has none of its own. */
export function thingParts(
  { things }: DrawnPlace,
  fieldsOf: (thing: string) => Fields,
  palette: Palette,
): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>()
  for (const thing of things) {
    if (thing.bodies.length === 0 || thing.buildings.length > 0) continue
    const part = partOf(thing, fieldsOf(thing.id), palette)
    part.root.userData.thing = thing.id
    parts.set(thing.id, part)
  }
  return parts
}
