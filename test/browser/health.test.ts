import { expect, it } from 'vitest'
import { noFaults, usePark } from './park.ts'

const park = usePark()

it('system health shows figures beside their limits, live, and makes a backup', async () => {
  const page = await park.open(`/sites/${park.site}/health`)
  await page.getByRole('region', { name: 'State of the server' }).getByText('All is well').waitFor()
  const figures = page.getByRole('table', { name: 'Figures beside their limits' })
  await figures
    .getByRole('row', { name: /Free room on the disk/ })
    .getByText('≥')
    .waitFor()
  // A rate needs two readings.
  await expect
    .poll(() => figures.getByRole('row', { name: /Observations stored/ }).textContent(), { timeout: 30_000 })
    .toMatch(/second.*good\d/s)
  const backups = page.getByRole('region', { name: 'Backups' })
  await backups.getByRole('button', { name: 'Back up now' }).click()
  await backups.getByText('The backup is made.').waitFor({ timeout: 60_000 })
  await backups.getByText(/The newest is \d+ s old/).waitFor()
  noFaults(page)
})

it('says what to do about what is not good, and what a person may not see', async () => {
  const page = await park.open('/sign-in')
  await page.route('**/metrics', (route) =>
    route.fulfill({ contentType: 'text/plain', body: 'mangrove_jobs_queued 63\nmangrove_jobs_queued_limit 64\n' }),
  )
  await page.route('**/api/v1/backups', (route) => route.fulfill({ status: 403, json: { code: 'accounts.forbidden' } }))
  await page.goto(`${park.address}/sites/${park.site}/health`)
  const row = page.getByRole('row', { name: /Jobs that wait/ })
  await row.getByText('alarm').waitFor()
  await row.getByText('Cancel what nobody needs.').waitFor()
  await page.getByText('Backups take the permission to administer').waitFor()
  expect(await page.getByRole('button', { name: 'Back up now' }).isDisabled()).toBe(true)
})
