import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Ended, mangroveHere, root, shell } from './command.ts'
import { type Shown, shownCommands, unprinted } from './shown-commands.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-shown-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const tour = shownCommands('README.md')
const examples = readdirSync(join(root, 'examples')).map((example) => `examples/${example}/README.md`)
const guides = readdirSync(join(root, 'docs/guides'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/guides/${file}`)

/** Commands that this test leaves out, and why. */
const leftOut: readonly { readonly command: RegExp; readonly why: string }[] = [
  { command: /^npx mangrove start/, why: 'runs until it is stopped; src/server and test/browser start it' },
  { command: /^npx mangrove energy size/, why: 'minutes on a busy machine; src/energy/size/size.test.ts runs it' },
  {
    command: /^npx mangrove carbon abatement-curve/,
    why: 'several sizings; src/server/create-server.test.ts runs one, src/cli/show-abatement.test.ts shows it',
  },
  { command: /^npx mangrove energy savings park\.yaml/, why: 'reads files of the reader; src/energy/savings tests it' },
]

/** Whether a line is one `npx mangrove …` and nothing that only a shell can do. */
const isSingle = (command: string): boolean =>
  /^npx mangrove [^;&|`$<>"*~#\\]*$/.test(command.replaceAll(/'[^']*'/g, "''"))

/** Words of a single command after `npx mangrove`, without the quotes of the shell. */
const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].slice(2).map(([word]) => word.replaceAll("'", ''))

/**
 * Of a guide nothing but `npx mangrove …` is ever run: `npm run …` sets the clone up first and may install its packages anew,
 * under the feet of whoever works in it.
 *
 * @returns undefined for a command that is run
 */
function whyNotRun(command: string): string | undefined {
  if (!isSingle(command)) return 'is no single mangrove command'
  return leftOut.find((entry) => entry.command.test(command))?.why
}

/** What is tried in less time than shown; its output is not compared then. */
const shortened: readonly { readonly shown: RegExp; readonly tried: string }[] = [
  { shown: /(energy backtest examples\/liyang-park.*) --days \d+/, tried: '$1 --days 0.25' },
  // grid-battery.test.ts runs it whole and looks at its figures.
  { shown: /(energy backtest examples\/grid-battery.*) --days 3/, tried: '$1 --days 1' },
  // Searches until its time is over; the guide shows it to have something to keep.
  { shown: /(plan examples\/quarry-microgrid\/site\.yaml --at 2026-07-06T00:00)$/, tried: '$1 --hours 6 --step 30m' },
]

const runs = new Map<string, Promise<Ended>>()
/** Runs a command; one that several documents show runs once. */
function runOnce(command: string): Promise<Ended> {
  const run = runs.get(command) ?? runAs(command)
  runs.set(command, run)
  return run
}

const begun = new Set<string>()
/**
 * The first of each word (`plan`, `energy`, `store`) in a shell, as a reader would, and all that needs one; others in this process,
 * which takes no start.
 */
function runAs(command: string): Promise<Ended> {
  const words = wordsOf(command)
  const verb = words[0] ?? ''
  if (!isSingle(command) || !begun.has(verb)) {
    begun.add(verb)
    return shell(command, folder)
  }
  return mangroveHere(words, folder)
}

async function expectShown({ command, output, code }: Shown) {
  const tried = shortened.reduce((line, { shown, tried }) => line.replace(shown, tried), command)
  const ended = await runOnce(tried)
  expect(ended.code, ended.stderr + ended.stdout).toBe(code)
  if (output.length === 0 || tried !== command) return
  expect(unprinted(output, `${ended.stdout}${ended.stderr}`.trimEnd().split('\n'))).toEqual([])
}

const named = (shown: readonly Shown[]) => shown.map((one) => [one.command, one] as const)
const patienceMs = 180_000

describe('the tour of README.md', () => {
  it('shows every command with output, and no placeholder', () => {
    expect(tour.length).toBeGreaterThanOrEqual(8)
    for (const { command, output } of tour) expect(output, command).not.toEqual([])
    expect(readme).not.toMatch(/^TOUR-/m)
  })

  it('would see a line that drifts', () => {
    const printed = ['cost 5 CNY', 'a │ggg', 'b', 'c 7']
    expect(unprinted(['cost 4 012.5 CNY', '…', 'c 1'], printed)).toEqual([])
    expect(unprinted(['cost 4 CNY', 'c 1'], printed)).not.toEqual([])
    expect(unprinted(['cost 4 EUR', '…'], printed)).not.toEqual([])
    expect(unprinted(['cost 4 CNY', 'a │'], printed)).not.toEqual([])
    expect(unprinted(['…', 'c 1', 'b'], printed)).not.toEqual([])
  })

  it.each(named(tour))('%s', (_, shown) => expectShown(shown), patienceMs)
})

describe.each(examples)('%s', (file) => {
  it.each(named(shownCommands(file)))('%s', (_, shown) => expectShown(shown), patienceMs)
})

describe('the guides', () => {
  it('have nothing run that could change the clone', () => {
    for (const command of ['npm run -s peer-case -- evcc x', 'npm ci', 'node x.ts', 'npx mangrove check x; npm ci']) {
      expect(whyNotRun(command)).toBeDefined()
    }
    expect(whyNotRun('npx mangrove start x')).toBeDefined()
    expect(whyNotRun(`npx mangrove plan x --changes '{"a":[1]}'`)).toBeUndefined()
  })

  it('have their words read as a shell reads them', async () => {
    const line = `npx mangrove plan x.yaml --changes '{"a": [1, "b c"]}' --at=2026-07-06`
    const printed = await shell(line.replace('npx mangrove', `printf '%s\\n'`), folder)
    expect(printed.stdout.trimEnd().split('\n')).toEqual(wordsOf(line))
    for (const odd of ['npx mangrove plan "x y"', 'npx mangrove plan *.yaml', 'npx mangrove plan ~/x']) {
      expect(isSingle(odd)).toBe(false)
    }
  })

  it('are listed in README.md, each', () => {
    for (const guide of guides) expect(readme).toContain(guide)
  })

  it('hold every command that is left out or shortened here', () => {
    const all = guides.flatMap(shownCommands).map(({ command }) => command)
    for (const { command } of leftOut) expect(all.filter((shown) => command.test(shown))).not.toEqual([])
    for (const { shown } of shortened) expect(all.filter((command) => shown.test(command))).not.toEqual([])
  })
})

/** Some show files alone; tests beside the code read those. */
const withCommands = guides.filter((guide) => shownCommands(guide).length > 0)

describe.each(withCommands)('%s', (guide) => {
  const commands = shownCommands(guide)
  for (const { command } of commands) {
    const why = whyNotRun(command)
    if (why) it(`${command} is left out: ${why}`, ({ skip }) => skip(why))
  }

  const tried = commands.filter(({ command }) => !whyNotRun(command))
  it.each(named(tried))('%s', (_, shown) => expectShown(shown), patienceMs)
})
