import { expect, it } from 'vitest'
import { drawnSparklines } from '../../bench/parts/trends-figures.ts'
import { noFaults, usePark } from './park.ts'

const park = usePark()

it('an asset shows what it is, its values as they come, its plan, and is told by hand', async () => {
  const page = await park.open(`/sites/${park.site}/park`)
  await page
    .getByRole('link', { name: /^Battery, 4 MWh/ })
    .first()
    .click()
  await page.getByRole('heading', { level: 1, name: 'Battery, 4 MWh' }).waitFor()
  await page.getByText('Efficiency of charging').waitFor()
  await page.getByRole('img', { name: /^Planned/ }).waitFor()
  const charge = page.getByRole('row', { name: /State of charge/ })
  await expect.poll(() => charge.textContent(), { timeout: 10_000 }).toMatch(/\d\s?%/)
  await expect.poll(() => drawnSparklines(page), { timeout: 20_000 }).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Set by hand…' }).click()
  await page.getByRole('dialog').getByRole('spinbutton').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Trends' }).last().click()
  await page.getByRole('region', { name: 'Chart: kW' }).waitFor()
  noFaults(page)
})

it('files are kept with an asset, version by version, and come back as they were', async () => {
  const page = await park.open(`/sites/${park.site}/assets/wind`)
  const text = `Protocol ${Date.now()}`
  const keep = async (buffer: Buffer): Promise<void> =>
    page.getByLabel('Keep a file').first().setInputFiles({ name: '<b>Turbine.txt', mimeType: 'text/plain', buffer })
  await page.getByText('No document is kept').waitFor()
  await keep(Buffer.from('first'))
  await page.getByRole('status').getByText('<b>Turbine.txt is kept.').waitFor()
  await page.getByRole('cell', { name: 'b-turbine-txt', exact: true }).waitFor()
  await keep(Buffer.from(text))
  await page.getByRole('cell', { name: '2', exact: true }).waitFor()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download: b-turbine-txt' }).click()
  const stream = await (await saved).createReadStream()
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString()).toBe(text)
  await keep(Buffer.alloc(800_000))
  await page.getByRole('alert').getByText('too large').waitFor()
  noFaults(page)
})

it('an asset that is not there says so', async () => {
  const page = await park.open(`/sites/${park.site}/assets/none`)
  await page.getByRole('heading', { level: 1, name: 'There is no such asset at this site.' }).waitFor()
  noFaults(page)
})
