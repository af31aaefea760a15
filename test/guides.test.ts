import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root, shell } from './command.ts'
import { type Shown, shownCommands, unprinted } from './shown-commands.ts'

const guides = readdirSync(join(root, 'docs/guides')).filter((file) => file.endsWith('.md'))
const commandsOf = (guide: string): readonly Shown[] => shownCommands(`docs/guides/${guide}`)

/** Commands that this test leaves out, and why. */
const leftOut: readonly { readonly command: RegExp; readonly why: string }[] = [
  { command: /^npx mangrove start/, why: 'runs until it is stopped; src/server and test/browser start it' },
  { command: /^npx mangrove energy size/, why: 'minutes on a busy machine; src/energy/size/size.test.ts runs it' },
  { command: /^npx mangrove energy savings park\.yaml/, why: 'reads files of the reader; src/energy/savings tests it' },
]

/**
 * Nothing but `npx mangrove …` is ever run: `npm run …` sets the clone up first and may install its packages anew, under the
 * feet of whoever works in it.
 *
 * @returns undefined for a command that is run
 */
function whyNotRun(command: string): string | undefined {
  if (!/^npx mangrove [^;&|`$<>]*$/.test(command.replaceAll(/'[^']*'/g, "''"))) return 'is no single mangrove command'
  return leftOut.find((entry) => entry.command.test(command))?.why
}

/** What is tried in less time than shown; its output is not compared then. */
const shortened: readonly { readonly shown: RegExp; readonly tried: string }[] = [
  { shown: /(energy backtest examples\/liyang-park.*) --days \d+/, tried: '$1 --days 0.25' },
]

const folder = mkdtempSync(join(tmpdir(), 'mangrove-guides-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the guides', () => {
  it('have nothing run that could change the clone', () => {
    for (const command of ['npm run -s peer-case -- evcc x', 'npm ci', 'node x.ts', 'npx mangrove check x; npm ci']) {
      expect(whyNotRun(command)).toBeDefined()
    }
    expect(whyNotRun('npx mangrove start x')).toBeDefined()
    expect(whyNotRun(`npx mangrove plan x --changes '{"a":[1]}'`)).toBeUndefined()
  })

  it('are listed in README.md, each', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    for (const guide of guides) expect(readme).toContain(`docs/guides/${guide}`)
  })

  it('hold every command that is left out or shortened here', () => {
    const all = guides.flatMap(commandsOf).map(({ command }) => command)
    for (const { command } of leftOut) expect(all.filter((shown) => command.test(shown))).not.toEqual([])
    for (const { shown } of shortened) expect(all.filter((command) => shown.test(command))).not.toEqual([])
  })
})

describe.each(guides)('docs/guides/%s', (guide) => {
  const commands = commandsOf(guide).map((shown) => ({ ...shown, why: whyNotRun(shown.command) }))

  for (const { command, why } of commands.filter(({ why }) => why !== undefined)) {
    it(`${command} is left out: ${why}`, ({ skip }) => skip(why))
  }

  it.each(commands.filter(({ why }) => why === undefined).map((shown) => [shown.command, shown] as const))(
    '%s',
    async (command, { output, code }) => {
      const tried = shortened.reduce((line, { shown, tried }) => line.replace(shown, tried), command)
      const ended = await shell(tried, folder)
      expect(ended.code, ended.stderr + ended.stdout).toBe(code)
      if (output.length === 0 || tried !== command) return
      expect(unprinted(output, `${ended.stdout}${ended.stderr}`.trimEnd().split('\n'))).toEqual([])
    },
    180_000,
  )
})
