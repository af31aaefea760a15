import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root, shell } from './command.ts'

/** One `$ command` of a document with the output printed under it. */
interface Shown {
  readonly command: string
  readonly output: readonly string[]
  /** From a remark `# exits with 3`; 0 without one. */
  readonly code: number
}

/** Commands of the ```console blocks of a document. */
function commandsOf(file: string): readonly Shown[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line = '', ...output] = part.trimEnd().split('\n')
        const code = Number(/# exits with (\d+)/.exec(line)?.[1] ?? 0)
        return { command: line.replace(/\s+# exits with \d+/, ''), output, code }
      }),
  )
}

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
function unprinted(shown: readonly string[], printed: readonly string[]): readonly string[] {
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

/** Commands of example READMEs stand in ```sh blocks, one a line. */
const exampleCommands = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  )

const dataFolder = mkdtempSync(join(tmpdir(), 'mangrove-tour-'))
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

describe('the tour of README.md', () => {
  const tour = commandsOf('README.md')

  it('shows every command with output, and no placeholder', () => {
    expect(tour.length).toBeGreaterThanOrEqual(8)
    for (const { command, output } of tour) expect(output, command).not.toEqual([])
    expect(readFileSync(join(root, 'README.md'), 'utf8')).not.toMatch(/^TOUR-/m)
  })

  it('would see a line that drifts', () => {
    const printed = ['cost 5 CNY', 'a │ggg', 'b', 'c 7']
    expect(unprinted(['cost 4 012.5 CNY', '…', 'c 1'], printed)).toEqual([])
    expect(unprinted(['cost 4 CNY', 'c 1'], printed)).not.toEqual([])
    expect(unprinted(['cost 4 EUR', '…'], printed)).not.toEqual([])
    expect(unprinted(['cost 4 CNY', 'a │'], printed)).not.toEqual([])
    expect(unprinted(['…', 'c 1', 'b'], printed)).not.toEqual([])
  })

  it.each(tour.map((shown) => [shown.command, shown] as const))('%s', async (_, shown) => {
    const { code, stdout, stderr } = await shell(shown.command, dataFolder)
    expect(code, stderr).toBe(shown.code)
    expect(unprinted(shown.output, `${stdout}${stderr}`.trimEnd().split('\n'))).toEqual([])
  })
})

describe.each(['examples/liyang-park/README.md', 'examples/quarry-microgrid/README.md'])('%s', (file) => {
  it.each(exampleCommands(file))('%s', async (command) => {
    const { code, stderr } = await shell(command, dataFolder)
    expect(code, stderr).toBe(0)
  })
})
