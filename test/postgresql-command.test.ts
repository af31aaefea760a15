import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeWithServer } from '../src/store/postgres/postgres.fixture.ts'
import { ask } from '../src/store/postgres/test-schema.fixture.ts'
import { root } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-postgresql-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a command; `during` may end it with what it printed so far. */
function mangrove(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  during: (text: string, kill: () => void) => void = () => undefined,
): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin/mangrove.mjs'), ...args], {
      cwd: root,
      env: { ...process.env, MANGROVE_DATA: folder, ...environment },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += String(chunk)
        during(text, () => child.kill('SIGTERM'))
      })
    }
    child.on('close', (code) => resolve({ code, text }))
  })
}

await describeWithServer('mangrove on PostgreSQL', ({ url }) => {
  it('starts with DATABASE_URL, keeps nothing in the folder, and finds it again', async () => {
    const name = `command_${process.pid}`
    await ask(url, `CREATE DATABASE ${name}`)
    const databaseUrl = Object.assign(new URL(url), { pathname: `/${name}` }).href
    try {
      let stopped = false
      const started = await mangrove(
        ['start', '--json', '--no-live', '--port', '0'],
        { DATABASE_URL: databaseUrl },
        (text, kill) => {
          if (stopped || !text.includes('"firstUser"')) return
          stopped = true
          kill()
        },
      )
      expect(started.code, started.text).toBe(0)
      expect(started.text).toContain('"name":"owner"')
      expect(readdirSync(folder).filter((file) => file.endsWith('.duckdb'))).toEqual([])
      const status = await mangrove(['store', 'status'], { DATABASE_URL: databaseUrl })
      expect(status.text).toContain('PostgreSQL')
      const users = await mangrove(['user', 'list'], { DATABASE_URL: databaseUrl })
      expect(users.text).toContain('owner')
      expect(users.text).not.toContain('First user')
    } finally {
      await ask(url, `DROP DATABASE ${name} WITH (FORCE)`)
    }
  })

  it('says by name that the server is not there, or that the broker is none', async () => {
    const none = await mangrove(['start', '--no-live', '--port', '0'], {
      DATABASE_URL: 'postgres://mangrove@127.0.0.1:9/mangrove',
    })
    expect(none.code).not.toBe(0)
    expect(none.text).toContain('127.0.0.1:9')
    const broker = await mangrove(['start'], { MANGROVE_MQTT_URL: 'http://broker.example' })
    expect(broker.code).not.toBe(0)
    expect(broker.text).toContain('MQTT cannot be set up')
  })
})
