import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runCommandLine } from './run-command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-input-'))
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a command line in this process. */
async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const told: { readonly out: string[]; readonly error: string[] } = { out: [], error: [] }
  const code = await runCommandLine(args, {
    terminal: {
      out: (text) => void told.out.push(text),
      error: (text) => void told.error.push(text),
      progress: () => undefined,
      clearProgress: () => undefined,
    },
    signal: new AbortController().signal,
    dataFolder: join(folder, 'data'),
  })
  return { code, text: [...told.out, ...told.error].join('\n') }
}

const rows = `name: Works
region: CN-JS
period: { from: "2023-01-01", to: "2024-01-01" }
activities:
  - { id: grid, activity: electricity, amount: "1000", unit: kWh, from: "2023-01-01", to: "2023-02-01" }
`

it('gives an engine the values of a file, over which flags go', async () => {
  const input = file('rows.yaml', rows)
  const { code, text } = await run('carbon', 'account', '--input', input, '--json')
  expect(code, text).toBe(0)
  expect(JSON.parse(text)).toMatchObject({ name: 'Works', sums: { scope2LocationKgCo2e: '582.7' } })
  const other = await run('carbon', 'account', '--input', input, '--name', 'Halls', '--json')
  expect(JSON.parse(other.text)).toMatchObject({ name: 'Halls', sums: { scope2LocationKgCo2e: '582.7' } })
})

it.each([
  ['a field that nothing reads', `${rows}regoin: CN\n`, /did you mean "region"/],
  ['text that is no YAML', 'a: [', /This is no YAML/],
  ['a list', '- 1', /The file has no fields/],
  ['a value that is missing', 'name: Works', /period/],
])('refuses %s', async (_, content, message) => {
  const { code, text } = await run('carbon', 'account', '--input', file('bad.yaml', content))
  expect([2, 3]).toContain(code)
  expect(text).toMatch(message)
})

it('says so where there is no such file', async () => {
  const { code, text } = await run('carbon', 'account', '--input', join(folder, 'nothing.yaml'))
  expect(code).not.toBe(0)
  expect(text).toMatch(/cannot be read/)
})
