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

/** Words and layout without figures and chart: what must not drift between document and program. */
const skeleton = (line: string): string =>
  line
    .replace(/[\d.,]+/g, '0')
    .replace(/\s+/g, ' ')
    .trim()

/** Commands of example READMEs stand in ```sh blocks, one a line. */
const exampleCommands = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  )

const dataFolder = mkdtempSync(join(tmpdir(), 'mangrove-tour-'))
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

describe('the tour of README.md', () => {
  const tour = commandsOf('README.md')

  it('has commands', () => {
    expect(tour.length).toBeGreaterThanOrEqual(5)
  })

  it.each(tour.map((shown) => [shown.command, shown] as const))('%s', async (_, shown) => {
    const { code, stdout, stderr } = await shell(shown.command, dataFolder)
    expect(code, stderr).toBe(shown.code)
    const printed = new Set(`${stdout}\n${stderr}`.split('\n').map(skeleton))
    const heading = shown.output.find((line) => line.trim() !== '' && line.trim() !== '…')
    if (heading !== undefined) expect(printed).toContain(skeleton(heading))
  })
})

describe.each(['examples/liyang-park/README.md', 'examples/quarry-microgrid/README.md'])('%s', (file) => {
  it.each(exampleCommands(file))('%s', async (command) => {
    const { code, stderr } = await shell(command, dataFolder)
    expect(code, stderr).toBe(0)
  })
})
