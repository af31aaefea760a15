import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { commandEntries } from './commands.ts'
import { exitCode, exitCodeOf } from './exit-code.ts'
import { parseFlags } from './flags.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'mangrove-cli-access-'))
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

/** Runs a command in this process. @returns its exit code and what it printed */
async function run(...line: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const command = commandEntries.find(({ words }) => words.every((word, place) => line[place] === word))!
  const body = await command.load()
  const { values, json } = parseFlags(line.slice(command.words.length), body.flags, command.positional)
  const printed = { out: '', error: '' }
  const terminal = {
    out: (text: string) => {
      printed.out += `${text}\n`
    },
    error: (text: string) => {
      printed.error += `${text}\n`
    },
    progress: () => undefined,
    clearProgress: () => undefined,
  }
  try {
    const code = await body.run(values, json, { terminal, dataFolder, signal: new AbortController().signal })
    return { ...printed, code }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return { ...printed, code: exitCodeOf(error.code, error.status), error: `${printed.error}${error.message}` }
  }
}

const inJson = async (...line: readonly string[]) => {
  const { code, out, error } = await run(...line, '--json')
  expect(code, error).toBe(exitCode.ok)
  return JSON.parse(out)
}

describe('mangrove user and token', () => {
  it('make users, passwords and tokens that are told once', async () => {
    const first = await run('user', 'add', 'shift.lead', '--role', 'operator')
    expect(first.error).toMatch(/^First user: owner {3}Password, told only now: [\w-]{43}\n$/)
    const password = /^User: shift\.lead {3}Password, told only now: ([\w-]{43})$/m.exec(first.out)?.[1]
    expect(password).toBeDefined()
    expect((await inJson('user', 'reset', 'shift.lead')).password).not.toBe(password)
    const scope = ['--title', 'export', '--permissions', 'read,plan', '--days', '2']
    const made = await inJson('token', 'create', 'shift.lead', ...scope)
    expect(made.token).toMatch(/^mgv_t_[0-9a-f]{18}_[\w-]{43}$/)
    const { tokens } = await inJson('token', 'list', 'shift.lead')
    expect(tokens).toMatchObject([{ id: made.id, permissions: ['read', 'plan'], sites: '*' }])
    expect(JSON.stringify(tokens)).not.toContain(made.token.slice(25))
    expect((await run('token', 'list', 'shift.lead')).out).toContain('export')
    await inJson('token', 'revoke', 'shift.lead', made.id)
    expect((await inJson('token', 'list', 'shift.lead')).tokens).toEqual([])
    expect((await inJson('user', 'list')).users).toMatchObject([
      { name: 'owner' },
      { name: 'shift.lead', state: 'new password', secondFactor: false },
    ])
    const listed = (await run('user', 'list')).out
    expect(listed).toContain('operator of main')
    expect(listed).not.toMatch(/scrypt|salt|epoch/)
  })

  it.each([
    [['user', 'add', 'x', '--role', 'king'], exitCode.usage],
    [['user', 'add', 'Big Name', '--role', 'viewer'], exitCode.badInput],
    [['user', 'add', 'x', '--role', 'viewer', '--organisation', 'nowhere'], exitCode.badInput],
    [['user', 'reset', 'nobody'], exitCode.badInput],
    [['token', 'create', 'owner', '--title', 'x', '--permissions', 'everything'], exitCode.usage],
    [['token', 'revoke', 'owner', 'x'], exitCode.badInput],
  ])('%j ends with code %i', async (line, code) => {
    const ended = await run(...line)
    expect(ended.code, ended.error).toBe(code)
  })
})

describe('mangrove start', () => {
  const packageFile = fileURLToPath(new URL('../../package.json', import.meta.url))

  it.each([
    [['--url', 'park.example'], exitCode.usage, 'address'],
    [['--provider', 'no-such-file.json'], exitCode.usage, 'no-such-file.json'],
    [['--provider', packageFile], exitCode.badInput, 'issuer'],
    [['--open', '--host', '0.0.0.0', '--port', '0'], exitCode.badInput, 'server.open-refused'],
  ])('%j ends with code %i before anything listens', async (flags, code, told) => {
    const ended = await run('start', ...flags)
    expect(ended.code, ended.error).toBe(code)
    expect(ended.error).toContain(told)
  })
})
