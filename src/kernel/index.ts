export * from './engine/engine.ts'
export * from './engine/evidence.ts'
export * from './engine/pack.ts'
export * from './engine/pack-entry.ts'
export * from './engine/replay.ts'
export * from './engine/run-engine.ts'
export * from './errors.ts'
export * from './expression/index.ts'
export * from './kernel-errors.ts'
export * from './lineage/index.ts'
export type {
  Footprint,
  GroundArea,
  PlaceCarrier,
  PlaceCover,
  PlacedAsset,
  PlacedBuilding,
  PlacedCable,
  PlacedModel,
  PlaceForm,
  PlacePoint,
  PlaceSection,
} from './place/schema.ts'
export * from './points/index.ts'
export * from './ports/index.ts'
export * from './schema/index.ts'
export * from './series/index.ts'
export * from './site/index.ts'
export * from './time/duration.ts'
export * from './time/grid.ts'
export * from './time/plausible-time.ts'
export * from './time/zone.ts'
export * from './units/index.ts'
