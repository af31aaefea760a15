import { expect, it } from 'vitest'
import { idleFramesMs, pageCpuShare, panFramesMs, presetOpensMs } from '../../bench/parts/trends-figures.ts'
import { noFaults, usePark } from './park.ts'

const park = usePark()
const trends = `/sites/${park.site}/trends`

it('points are found by words, drawn by unit, and stand in the address with their time', async () => {
  const page = await park.open(trends)
  await page.getByRole('heading', { name: 'Choose what you want to see' }).waitFor()
  const search = page.getByRole('searchbox', { name: 'Name, asset or unit' })
  await search.fill('battery charge')
  await page.getByRole('checkbox', { name: /State of charge/ }).check()
  await search.fill('importing')
  await page.getByRole('checkbox', { name: /Power, \+ importing/ }).check()
  await page.getByRole('region', { name: 'Chart: kW' }).waitFor()
  await page.getByRole('region', { name: 'Chart: without unit' }).waitFor()
  await page.getByRole('radio', { name: 'Hour' }).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('points')).toBe('battery.soc,grid.powerKw')
  expect(new URL(page.url()).searchParams.get('width')).toBe('3600000')
  // A value is there, live, beside its name.
  const value = page.getByRole('region', { name: 'Chart: kW' }).locator('.trends-value')
  await expect.poll(() => value.textContent()).toMatch(/\d/)

  const again = await park.open(page.url().replace(park.address, ''))
  await again.getByRole('region', { name: 'Chart: kW' }).waitFor()
  await again.getByRole('button', { name: /Take .*importing away/ }).click()
  await expect.poll(() => again.getByRole('region', { name: 'Chart: kW' }).count()).toBe(0)
  noFaults(page)
  noFaults(again)
})

it('time is moved by keys and wheel, a moment chosen by a press, and what is seen is saved', async () => {
  const page = await park.open(`${trends}?points=grid.powerKw&width=3600000`)
  const charts = page.getByRole('region', { name: /^Charts\./ })
  await charts.focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect.poll(() => new URL(page.url()).searchParams.get('until')).not.toBeNull()
  expect(await page.getByRole('button', { name: 'Follow now' }).getAttribute('aria-pressed')).toBe('false')
  const plot = page.locator('.trends-plot')
  const box = (await plot.boundingBox())!
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect.poll(() => new URL(page.url()).searchParams.get('at')).not.toBeNull()
  await page.getByText('history', { exact: true }).waitFor()
  await page.mouse.wheel(0, -400)
  await expect.poll(() => Number(new URL(page.url()).searchParams.get('width'))).toBeLessThan(3_000_000)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('menuitem', { name: 'Table (CSV)' }).click()
  expect((await saved).suggestedFilename()).toMatch(/^liyang-park-.*\.csv$/)
  await charts.focus()
  await page.keyboard.press('End')
  await expect.poll(() => new URL(page.url()).searchParams.get('until')).toBeNull()
  noFaults(page)
})

it('the figures of the bench are measured', async () => {
  const page = await park.open(`${trends}?points=grid.powerKw,battery.powerKw&width=3600000`)
  await page.locator('.trends-rows[data-bucket="observed"]').waitFor()
  expect(await presetOpensMs(page, { preset: 'Year', bucket: '6h' })).toBeGreaterThan(0)
  expect((await panFramesMs(page, 600)).length).toBeGreaterThan(0)
  expect((await idleFramesMs(page, 300)).length).toBeGreaterThan(0)
  expect(await pageCpuShare(park.browser, 300)).toBeGreaterThanOrEqual(0)
  noFaults(page)
})
