import type { TestProject } from 'vitest/node'
import { type RunningServer, startServer } from './browser.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The example park, alive for all files of browser tests that do not start a server of their own. */
    readonly park: { readonly address: string; readonly user: string; readonly password: string }
  }
}

const site = 'liyang-park'

/** Starts the example park once; its first user has the password that is provided. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  try {
    await untilAlive(server)
    const { name, password } = server.firstUser
    const own = 'mangroves grow in salt water'
    await changePassword(server.address, name, password, own)
    project.provide('park', { address: server.address, user: name, password: own })
  } catch (error) {
    await server.stop()
    throw error
  }
  return () => server.stop()
}

/** Waits until the history is filled and the first plan is published. */
export async function untilAlive({ address }: RunningServer): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const health = (await (await fetch(`${address}/health`)).json()) as { status: string }
    if (health.status === 'ok') return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${site} did not come alive within a minute`)
}

/** The cookie of a session, as a header. */
export async function signedIn(address: string, name: string, password: string): Promise<string> {
  const answer = await fetch(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ name, password }),
  })
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

async function changePassword(address: string, name: string, current: string, next: string): Promise<void> {
  const cookie = await signedIn(address, name, current)
  const answer = await fetch(`${address}/api/v1/me/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address, cookie },
    body: JSON.stringify({ current, next }),
  })
  if (!answer.ok) throw new Error(`the password was not changed, ${answer.status}: ${await answer.text()}`)
}
