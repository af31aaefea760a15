import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { oneBus, writeFolder } from './pypsa/networks.fixture.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'mangrove-peer-'))
const peerCase = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/peer-cases/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { status, stderr, results: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

const household = {
  request: {
    batteries: [{ s_min: 0, s_max: 1000, s_initial: 500, c_min: 0, c_max: 0, d_max: 500, p_a: 0 }],
    time_series: { dt: [3600, 3600], gt: [400, 400], ft: [0, 0], p_N: [1e-3, 2e-3], p_E: [0, 0] },
    eta_d: 1,
  },
}

describe('peer-case', () => {
  it('prints one JSON line a case, and goes on after a file that cannot be read: exit code 1', () => {
    const good = join(folder, 'household.json')
    const bad = join(folder, 'cut.json')
    writeFileSync(good, JSON.stringify(household))
    writeFileSync(bad, JSON.stringify(household).slice(0, 60))
    const { status, results } = peerCase('evcc', bad, join(folder, 'absent.json'), good)
    expect(status).toBe(1)
    expect(results).toEqual([
      { case: 'cut', error: expect.objectContaining({ code: 'peer-case.malformed', place: { file: bad, line: 1 } }) },
      { case: 'absent', error: expect.objectContaining({ code: 'peer-case.unreadable' }) },
      // 400 Wh of the dear hour and 100 of the cheap one come from the battery.
      {
        case: 'household',
        objective: expect.closeTo(-0.3, 9),
        expected: null,
        difference: null,
        ms: expect.any(Number),
      },
    ])
  })

  it('prints capacities and gap of a PyPSA folder: exit code 0', () => {
    const network = writeFolder(
      oneBus([1, 2], 'name,bus,p_nom_extendable,capital_cost,marginal_cost\nunit,bus,True,10,1\n'),
    )
    const { status, results } = peerCase('pypsa', `${network}/`)
    expect(status).toBe(0)
    expect(results).toMatchObject([{ objective: 23, capacities: { generators: { unit: 2 } }, objectiveConstant: 0 }])
    expect(Object.keys(results[0]!)).toEqual(['case', 'objective', 'capacities', 'ms', 'boundGap', 'objectiveConstant'])
  })

  it('tells how it is used, on stderr: exit code 2', () => {
    expect(peerCase('homer', 'x')).toMatchObject({ status: 2, results: [], stderr: /pvwatts FILE/ })
    expect(peerCase()).toMatchObject({ status: 2, results: [] })
  })

  const guide = readFileSync(join(root, 'docs/guides/peer-cases.md'), 'utf8')
  const commands = [...guide.matchAll(/^npm run -s peer-case -- (.+)$/gm)].map(([, args]) => args!)
  const data = join(root, '../shared/data')
  it.skipIf(!existsSync(data))('runs the commands of docs/guides/peer-cases.md (needs ../shared/data)', () => {
    expect(commands.length).toBeGreaterThan(1)
    for (const command of commands) {
      const { status, results } = peerCase(...command.split(' '))
      expect(status).toBe(0)
      expect(results).toHaveLength(command.startsWith('carbon') ? 19 : 1)
    }
  })
})
