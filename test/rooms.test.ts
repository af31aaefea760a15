import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './command.ts'

const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)
const bannedNames = /(^|[/-])(utils?|helpers?|common|manager|base|misc)(\.|\/|$)/

/** What only shells may touch; engines get it through ports (ARCHITECTURE.md). */
const pureRooms = ['kernel', 'weather', 'energy', 'carbon', 'alarms', 'commands']
const impure = /\bDate\.now\(|new Date\(\)|Math\.random\(|from 'node:(fs|net|http|child_process|worker_threads)/

describe.each(rooms)('the room %s', (room) => {
  it('says in its README what it is for, with an example', () => {
    const readme = readFileSync(join(root, 'src', room, 'README.md'), 'utf8')
    expect(readme).toMatch(new RegExp(`^# ${room}\\n`))
    if (room !== 'weather') expect(readme).toMatch(/^```(ts|sh)$/m)
  })

  it.skipIf(room === 'cli')('has a door without logic', () => {
    expect(existsSync(join(root, 'src', room, 'index.ts'))).toBe(true)
    const door = readFileSync(join(root, 'src', room, 'index.ts'), 'utf8')
    const lines = door
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
      .replaceAll(/export (type )?\{[\s\S]*?\} from '[^']+'/g, '')
    expect(lines.replaceAll(/export (type )?\*( as \w+)? from '[^']+'/g, '').trim()).toBe('')
  })
})

describe('source files', () => {
  it('are named after what they hold', () => {
    expect(sources.filter((name) => bannedNames.test(name))).toEqual([])
    expect(sources.filter((name) => !/^[a-z0-9/.-]+$/.test(name))).toEqual([])
  })

  it('stay under 500 lines', () => {
    const long = sources.filter((name) => readFileSync(join(root, 'src', name), 'utf8').split('\n').length > 500)
    expect(long).toEqual([])
  })

  it('of kernel, weather, energy, carbon, alarms and commands take time, chance and files through ports only', () => {
    const reaching = sources
      .filter((name) => pureRooms.some((room) => name.startsWith(`${room}/`)))
      .filter((name) => !/\.(test|fixture|soak)\.ts$/.test(name) && name !== 'kernel/ports/clock.ts')
      .filter((name) => impure.test(readFileSync(join(root, 'src', name), 'utf8')))
    expect(reaching).toEqual([])
  })
})

describe('the floors of the house', () => {
  it('are checked on every TypeScript file, for types too', () => {
    const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
    const { stdout } = spawnSync(
      process.execPath,
      [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src/weather', 'src/solve'],
      { cwd: root, encoding: 'utf8', maxBuffer: 1e8 },
    )
    const { modules } = JSON.parse(stdout) as {
      modules: { source: string; dependencies: { resolved: string; dependencyTypes: string[] }[] }[]
    }
    const seen = new Set(modules.map(({ source }) => source))
    const own = sources.filter((name) => /^(weather|solve)\//.test(name)).map((name) => `src/${name}`)
    expect(own.filter((name) => !seen.has(name))).toEqual([])
    const reader = modules.find(({ source }) => source === 'src/weather/read-weather.ts')
    expect(reader?.dependencies.map(({ resolved }) => resolved)).toContain('src/kernel/index.ts')
  })
})

describe('packages', () => {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8')
  const below = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tsx?|mjs)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
      .map((name) => `${folder}/${name}`)
  const code = ['src', 'test', 'tools', 'bench', 'bin', 'web/src']
    .flatMap(below)
    .concat('web/vite.config.ts', 'vitest.config.ts')
  const text = code.map(read).join('\n')
  /** Types that the compiler finds by itself, and what dependency-cruiser reads TypeScript with. */
  const silent = /^@types\/|^@swc\/core$/
  const declared = ['package.json', 'web/package.json'].flatMap((file) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file)) as Record<string, Record<string, string>>
    return Object.keys({ ...dependencies, ...devDependencies })
  })

  it.each(declared.filter((name) => !silent.test(name)))('%s is used', (name) => {
    expect(text.includes(`'${name}'`) || text.includes(`'${name}/`) || text.includes(`('${name}`)).toBe(true)
  })

  it('that products need are not only there for tests', () => {
    const { dependencies = {} } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    const product = below('src').filter((name) => !/\.(test|fixture)\.ts$/.test(name))
    const productText = product.map(read).join('\n')
    const unused = Object.keys(dependencies).filter((name) => !productText.includes(`'${name}`))
    expect(unused).toEqual([])
  })
})
