import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noFaults, usePark } from './park.ts'

const park = usePark()
const openAccess = () => park.open(`/sites/${park.site}/access`)
const dialog = (page: Page) => page.getByRole('dialog')

describe('users and access', () => {
  it('makes a user whose password is shown once, changes the roles, and removes the user by name', async () => {
    const page = await openAccess()
    await page.getByRole('tab', { name: 'Users' }).click()
    await page.getByRole('button', { name: 'Make a user' }).click()
    await dialog(page).getByLabel('User').fill('access.test')
    await dialog(page).getByRole('combobox', { name: /^Role/ }).selectOption('operator')
    await dialog(page).getByRole('button', { name: 'Make', exact: true }).click()
    const once = page.getByRole('dialog', { name: 'First password of access.test' })
    expect((await once.locator('code').textContent())?.length).toBeGreaterThan(10)
    await once.getByRole('button', { name: 'I have kept it' }).click()

    const row = page.getByRole('row', { name: /access\.test/ })
    await row.getByText('First password not changed yet').waitFor()
    expect(await row.textContent()).toContain('Operator')
    await row.getByRole('button', { name: 'Actions: access.test' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    const remove = dialog(page).getByRole('button', { name: 'Remove', exact: true })
    expect(await remove.isDisabled()).toBe(true)
    await dialog(page).getByLabel('Write access.test to confirm').fill('access.test')
    await remove.click()
    await dialog(page).waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })

    await page.getByRole('tab', { name: 'Audit log' }).click()
    await page.getByRole('searchbox').fill('removeuser access.test')
    await page.getByRole('cell', { name: 'removeUser' }).first().waitFor()
    noFaults(page)
  })

  it('makes a token, shows it once, and revokes it', async () => {
    const page = await openAccess()
    await page.getByRole('tab', { name: 'API tokens' }).click()
    await page.getByRole('button', { name: 'Make a token' }).click()
    await dialog(page).getByLabel('Title').fill('reader of the access test')
    await dialog(page).getByRole('button', { name: 'Make', exact: true }).click()
    const once = page.getByRole('dialog', { name: 'The token is made' })
    const secret = (await once.locator('code').textContent()) ?? ''
    expect(secret).toMatch(/^mgv_t_/)
    const asked = (): Promise<Response> =>
      fetch(`${park.address}/api/v1/sites`, { headers: { authorization: `Bearer ${secret}` } })
    expect((await asked()).status).toBe(200)
    await once.getByRole('button', { name: 'I have kept it' }).click()
    const row = page.getByRole('row', { name: /reader of the access test/ })
    await row.getByRole('button', { name: 'Revoke' }).click()
    await dialog(page).getByRole('button', { name: 'Revoke', exact: true }).click()
    // While it is open, what lies behind it is hidden.
    await dialog(page).waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    expect((await asked()).status).toBe(401)
    noFaults(page)
  })

  it('begins a second factor with a code to scan and the same key to type', async () => {
    const page = await openAccess()
    await page.route('**/api/v1/me/totp', (route) =>
      route.fulfill({
        json: { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Mangrove:owner?secret=JBSWY3DPEHPK3PXP' },
      }),
    )
    await page.getByRole('button', { name: 'Set up an authenticator' }).click()
    await dialog(page).getByLabel('Password now').fill('whatever it is')
    await dialog(page).getByRole('button', { name: 'Next' }).click()
    await dialog(page).getByRole('img', { name: 'QR code for the authenticator' }).waitFor()
    await dialog(page).getByText('JBSWY3DPEHPK3PXP').waitFor()
    noFaults(page)
  })

  it('says to who may not why, and to who runs a server without accounts that it has none', async () => {
    const page = await openAccess()
    await page.route('**/api/v1/me', (route) =>
      route.fulfill({
        json: {
          ...{ kind: 'user', user: 'v', secondFactor: false },
          access: [{ organisation: 'works', sites: '*', permissions: ['read'] }],
        },
      }),
    )
    await page.reload()
    await page.getByRole('tab', { name: 'Users' }).click()
    await page.getByText('it takes the permission to administer').waitFor()
    await page.unroute('**/api/v1/me')
    await page.route('**/api/v1/me', (route) => route.fulfill({ status: 404, json: { code: 'server.not-found' } }))
    await page.reload()
    await page.getByText('This server has no accounts').waitFor()
  })
})
