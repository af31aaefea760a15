import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import bundled from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'
import { root } from '../command.ts'

/** As on a machine without a graphics card: pages are drawn by the processor, and WebGL is there all the same. */
const flags = [
  '--disable-gpu',
  '--enable-unsafe-swiftshader',
  '--font-render-hinting=none',
  '--no-sandbox',
  '--no-zygote',
]

/** A real browser out of an npm package; software rendering, no window. */
export const openBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await bundled.executablePath(), args: flags, headless: true, timeout: 60_000 })

/** A server of its own with a data folder of its own. */
export interface RunningServer {
  readonly address: string
  /** Opens the console once. */
  readonly signInUrl: string
  /** The user of the first start. */
  readonly firstUser: { readonly name: string; readonly password: string }
  stop(): Promise<void>
}

/**
 * Starts `mangrove start` on a free port and waits until it prints how to open it.
 *
 * @param siteFiles texts of site files; the example park without any
 */
export async function startServer(...siteFiles: readonly string[]): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-browser-'))
  const sites = siteFiles.map((text, index) => {
    const path = join(folder, `site-${index}.yaml`)
    writeFileSync(path, text)
    return path
  })
  const words = ['start', ...sites, '--port', '0', '--json']
  const child = spawn(process.execPath, [join(root, 'bin/mangrove.mjs'), ...words], {
    cwd: root,
    env: { ...process.env, MANGROVE_DATA: folder },
  })
  try {
    const { url, signIn, firstUser } = await startOf(child, 60_000)
    return { address: url, signInUrl: signIn, firstUser, stop: () => stop(child, folder) }
  } catch (error) {
    await stop(child, folder)
    throw error
  }
}

/** What `mangrove start --json` prints. */
interface Start {
  readonly url: string
  readonly signIn: string
  readonly firstUser: { readonly name: string; readonly password: string }
}

function startOf(child: ChildProcess, timeoutMs: number): Promise<Start> {
  return new Promise((resolve, reject) => {
    let log = ''
    const timer = setTimeout(() => reject(new Error(`no address within ${timeoutMs} ms:\n${log}`)), timeoutMs)
    const look = (chunk: Buffer): void => {
      log += chunk
      const line = /^\{.*\}$/m.exec(log)?.[0]
      if (line === undefined) return
      clearTimeout(timer)
      resolve(JSON.parse(line) as Start)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`mangrove start ended with code ${code}:\n${log}`))
    })
  })
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await gone
    clearTimeout(timer)
  }
  rmSync(folder, { recursive: true, force: true })
}
