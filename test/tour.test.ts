import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root, shell } from './command.ts'
import { shownCommands, unprinted } from './shown-commands.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'mangrove-tour-'))
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

describe('the tour of README.md', () => {
  const tour = shownCommands('README.md')

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

const examples = readdirSync(join(root, 'examples')).map((example) => `examples/${example}/README.md`)

describe.each(examples)('%s', (file) => {
  it.each(shownCommands(file).map(({ command }) => command))(
    '%s',
    async (command) => {
      const { code, stderr } = await shell(command, dataFolder)
      expect(code, stderr).toBe(0)
    },
    180_000,
  )
})
