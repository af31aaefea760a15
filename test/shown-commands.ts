import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './command.ts'

/** One command of a document, with the output printed under it. */
export interface Shown {
  readonly command: string
  /** Empty where none is shown. */
  readonly output: readonly string[]
  /** From a remark `# exits with 3`; 0 without one. */
  readonly code: number
}

/** Commands of a document: `$ ` lines of its ```console blocks with their output, each line of its ```sh blocks without. */
export function shownCommands(file: string): readonly Shown[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^( *)```(console|sh)\n([\s\S]*?)^ *```$/gm)].flatMap(
    ([, indent = '', language, block = '']) => {
      const lines = block.replaceAll(new RegExp(`^${indent}`, 'gm'), '').replaceAll(/ *\\\n */g, ' ')
      if (language === 'sh')
        return lines
          .trim()
          .split('\n')
          .map((line) => shown(line, []))
      const parts = lines.split(/^\$ /m).slice(1)
      return parts.map((part) => {
        const [line = '', ...output] = part.trimEnd().split('\n')
        return shown(line, output)
      })
    },
  )
}

const shown = (line: string, output: readonly string[]): Shown => ({
  command: line.replace(/\s+# exits with \d+/, '').trim(),
  output,
  code: Number(/# exits with (\d+)/.exec(line)?.[1] ?? 0),
})

/** Words, layout and clock times without figures, hashes and chart: what must not drift between document and program. */
const skeleton = (line: string): string =>
  line
    .replace(/│.*$/, '│')
    // A busy machine may stop the search before its proof.
    .replace(/^( {2}status +)feasible.*/, '$1optimal')
    .replace(/\b[\da-f]{64}\b/g, '#')
    .replace(/\b\d\d:\d\d\b|-?\d+(?:[ ,.]\d+)*(?:e[+-]?\d+)?/g, (figure) => (figure.includes(':') ? figure : '0'))
    .replace(/─+/g, '─')
    .replace(/\s+/g, ' ')
    .trim()

/**
 * Lines that a document shows and the program does not print at that place. Lines follow each other as shown, but for
 * `…`, which stands for any number of lines.
 */
export function unprinted(shown: readonly string[], printed: readonly string[]): readonly string[] {
  const lines = printed.map(skeleton)
  let at = 0
  let free = false
  for (const line of shown) {
    if (line.trim() === '…') {
      free = true
      continue
    }
    const found = free ? lines.indexOf(skeleton(line), at) : at
    if (found < 0 || lines[found] !== skeleton(line)) return [line, `printed there: ${printed[at] ?? 'nothing'}`]
    at = found + 1
    free = false
  }
  return free || printed.slice(at).every((line) => line.trim() === '') ? [] : [`not shown: ${printed[at]}`]
}
