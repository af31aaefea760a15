import { describe, expect, it } from 'vitest'
import { noFaults, usePark } from './park.ts'

const park = usePark()
const path = `/sites/${park.site}/forecasts`

describe('the page of forecast quality', () => {
  it('says in words and figures how good plans were, draws it, and leads to the moment of an hour', async () => {
    const page = await park.open(path)
    const table = page.getByRole('region', { name: 'What was foreseen' })
    const offices = table.getByRole('row').filter({ hasText: 'Offices, lighting and services' })
    await offices.waitFor({ timeout: 15_000 })
    await offices.getByText(/% (either way|too (low|high))/).waitFor()
    expect(await offices.getByRole('cell').nth(4).textContent()).toMatch(/^\d+(\.\d+)?.?%$/u)

    await offices.getByRole('button').click()
    const detail = page.getByRole('region', { name: 'Offices, lighting and services · demand' })
    await detail.getByText(/quarters of an hour are compared/).waitFor()
    await detail.getByRole('img', { name: /^Foreseen at least 1 h ahead/ }).waitFor()
    await detail.locator('canvas').waitFor()
    const map = page.getByRole('table', { name: 'Mean error by hour of the day and how far ahead' })
    expect(await map.getByRole('columnheader').count()).toBe(24)
    expect(await map.locator('tbody tr').first().getByText('kW').count()).toBeGreaterThan(12)
    await page.getByRole('img', { name: /^Mean absolute error by how far ahead\. .*1 h: / }).waitFor()

    const worst = page.getByRole('region', { name: 'Worst hours' }).locator('tbody tr').first()
    await worst.getByRole('link', { name: 'Plan' }).click()
    await page.waitForURL(/\/plan\?at=\d+$/)
    noFaults(page)
  })

  it('tells too few pairs and runs that nobody made, and gives no figure of them', async () => {
    const page = await park.open(path)
    await page.getByRole('radio', { name: '24 h' }).last().click()
    const table = page.getByRole('region', { name: 'What was foreseen' })
    const factory = table.getByRole('row').filter({ hasText: 'Power-electronics factory' })
    await factory.getByText(/^Too little to tell/).waitFor()
    expect(await factory.getByRole('cell').nth(3).textContent()).toBe('–')
    await page.getByText('Too few pairs to tell.').first().waitFor()
    await page.getByRole('radio', { name: 'Forecast runs' }).click()
    await page.getByRole('heading', { name: 'No forecast run of this time is kept' }).waitFor()
    noFaults(page)
  })

  it('says what happened where the server fails, and tries again', async () => {
    const page = await park.open('/sites/liyang-park/field')
    let broken = true
    await page.route('**/forecast-quality?**', (route) =>
      broken
        ? route.fulfill({
            status: 503,
            json: { code: 'server.overloaded', status: 503, title: '', detail: 'Too much' },
          })
        : route.continue(),
    )
    await page.goto(park.address + path)
    const alert = page.getByRole('alert')
    await alert.getByText('Too much').waitFor({ timeout: 15_000 })
    broken = false
    await alert.getByRole('button').click()
    await page.getByRole('region', { name: 'What was foreseen' }).waitFor()
  })
})
