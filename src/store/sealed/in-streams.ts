import type { SealedFile } from './sealed-file.ts'

/**
 * Files in groups, each in order of point and time from file to file: those of a month follow each other by point, and where
 * one point alone is asked for, months follow each other.
 *
 * @param points how many of them are asked for
 */
export function inStreams(files: readonly SealedFile[], points: number): readonly (readonly SealedFile[])[] {
  const streams: SealedFile[][] = []
  for (const file of [...files].sort(byMonthAndPoint)) {
    const stream = streams.at(-1)
    const before = stream?.at(-1)
    const follows = points === 1 || (before?.month === file.month && before.toPoint < file.fromPoint)
    if (stream && follows) stream.push(file)
    else streams.push([file])
  }
  return streams
}

const byMonthAndPoint = (a: SealedFile, b: SealedFile): number =>
  a.month < b.month ? -1 : a.month > b.month ? 1 : a.fromPoint - b.fromPoint
