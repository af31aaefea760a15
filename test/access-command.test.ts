import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mangrove, root } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-access-'))
let server: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  server = await start()
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** `mangrove start`, without a park that lives, until it has told how to open it. */
async function start() {
  const site = 'examples/quarry-microgrid/site.yaml'
  const args = [join(root, 'bin/mangrove.mjs'), 'start', site, '--no-live', '--port', '0']
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, MANGROVE_DATA: folder } })
  let text = ''
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk
      if (text.includes('Stop with Ctrl-C')) resolve()
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)))
  })
  const stop = (): Promise<unknown> => {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    return gone
  }
  return { text, url: /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '', stop }
}

const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('mangrove start', () => {
  it('tells a link and the password of the first user, and lets in by both', async () => {
    const key = /\/sign-in#key=([\w-]{43})/.exec(server.text)?.[1] ?? ''
    const [, name = '', password = ''] =
      /First user: (\w+) {3}Password, told only now: ([\w-]{43})/.exec(server.text) ?? []
    expect(name).toBe('owner')
    const byLink = await post('/api/v1/session/link', { key })
    expect(byLink.status).toBe(200)
    const [cookie = ''] = (byLink.headers.get('set-cookie') ?? '').split(';')
    const sites = (await (await fetch(`${server.url}/api/v1/sites`, { headers: { cookie } })).json()) as {
      sites: { id: string }[]
    }
    expect(sites.sites.map(({ id }) => id)).toEqual(['quarry-microgrid'])
    expect((await post('/api/v1/session/link', { key })).status).toBe(401)
    const byPassword = await post('/api/v1/session', { name, password })
    expect(await byPassword.json()).toEqual({ user: 'owner', mustChangePassword: true })
    expect((await fetch(`${server.url}/api/v1/sites`)).status).toBe(401)
  })
})

describe('mangrove user and token', () => {
  it('say that a server has the folder open', async () => {
    const ended = await mangrove(['user', 'list'], folder)
    expect(ended.code).toBe(4)
    expect(ended.stderr).toContain('store.locked')
  })
})
