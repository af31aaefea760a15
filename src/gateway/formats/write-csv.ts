import { joinChunks, qualityWord, textChunks, type WrittenRanges } from './written-ranges.ts'

const heading = 'time,point,value,unit,quality\n'

/** A cell as RFC 4180 has it: in quotes where it has to be. */
export const csvCell = (text: string): string =>
  /[",\r\n]|^[ \t]|[ \t]$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** {@link writeCsv} in pieces of a few thousand rows, so that who writes them out can do other things between. */
export function* csvChunks(ranges: WrittenRanges): Generator<Uint8Array> {
  yield new TextEncoder().encode(heading)
  yield* textChunks(ranges, (point, { unit, timestampsMs, values, quality }) => {
    const name = csvCell(point)
    const unitCell = csvCell(unit)
    return (row) => {
      const value = values[row]!
      const shown = Number.isNaN(value) ? '' : Object.is(value, -0) ? '-0' : String(value)
      const time = new Date(timestampsMs[row]!).toISOString()
      return `${time},${name},${shown},${unitCell},${qualityWord(quality[row])}\n`
    }
  })
}

/** CSV of the long form, `time,point,value,unit,quality`, which `parseObservations` reads. A missing value is empty. */
export const writeCsv = (ranges: WrittenRanges): Uint8Array<ArrayBuffer> => joinChunks(csvChunks(ranges))
