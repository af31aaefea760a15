import { joinChunks, qualityWord, textChunks, type WrittenRanges } from './written-ranges.ts'

/** {@link writeNdjson} in pieces of a few thousand rows, so that who writes them out can do other things between. */
export function ndjsonChunks(ranges: WrittenRanges): Generator<Uint8Array> {
  return textChunks(ranges, (point, { unit, timestampsMs, values, quality }) => {
    const name = JSON.stringify(point)
    const unitText = JSON.stringify(unit)
    return (row) => {
      const value = values[row]!
      const shown = Number.isNaN(value) ? 'null' : Object.is(value, -0) ? '-0' : String(value)
      const time = new Date(timestampsMs[row]!).toISOString()
      return `{"point":${name},"time":"${time}","value":${shown},"unit":${unitText},"quality":"${qualityWord(quality[row])}"}\n`
    }
  })
}

/** NDJSON, one observation a line, which `parseObservations` reads. A missing value is null. */
export const writeNdjson = (ranges: WrittenRanges): Uint8Array<ArrayBuffer> => joinChunks(ndjsonChunks(ranges))
