export { type BodyMemory, createBodyMemory } from './body-memory.ts'
export { encodingOf, formatOf, type ObservationMediaType, observationMediaTypes } from './media-types.ts'
export {
  carrierTags,
  defaultLimits,
  maxToldProblems,
  type ObservationFormat,
  observationFormats,
  type ParseContext,
  type ParsedObservations,
  type ParseLimits,
  type StampPrecision,
} from './observation-format.ts'
export { parseObservations } from './parse-observations.ts'
export { arrowMediaType, writeArrow } from './write-arrow.ts'
export { csvCell, csvChunks, writeCsv } from './write-csv.ts'
export { ndjsonChunks, writeNdjson } from './write-ndjson.ts'
export { joinChunks, lineChunks, type WrittenRange, type WrittenRanges } from './written-ranges.ts'
