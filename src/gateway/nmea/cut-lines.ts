/** Cuts a stream into lines. What is longer than any sentence is thrown away up to the next end of a line, and counted. */
export function createLineCutter(longest: number): {
  /** @returns whole lines, and how many were too long */
  push(bytes: Uint8Array): { readonly lines: readonly string[]; readonly tooLong: number }
} {
  let rest = ''
  let skipping = false
  return {
    push(bytes) {
      const parts = (rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')).split(
        /\r\n|\n|\r/,
      )
      rest = parts.pop() ?? ''
      let tooLong = 0
      const lines: string[] = []
      for (const line of parts) {
        if (skipping) {
          skipping = false
          continue
        }
        if (line.length > longest) tooLong += 1
        else if (line !== '') lines.push(line)
      }
      if (rest.length > longest) {
        if (!skipping) tooLong += 1
        skipping = true
        rest = ''
      }
      return { lines, tooLong }
    },
  }
}
