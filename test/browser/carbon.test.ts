import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../command.ts'
import { expectWithinWindow } from './accessible.ts'
import { noFaults, usePark } from './park.ts'

const park = usePark()
const at = (path: string): string => `/sites/${park.site}/${path}`
const phone = { viewport: { width: 390, height: 844 } }

describe('the page of carbon', () => {
  it('goes from nothing to a year with one button, and opens its bar down to the row and its factors', async () => {
    const page = await park.open(at('carbon'))
    const year = new Date().getFullYear() - 1
    // The example has files of 2025 alone: in another year the page is asked for that one.
    if (year === 2025) await page.getByRole('button', { name: /^Account 2025 with the files/ }).click()
    else {
      await page.getByRole('spinbutton', { name: 'Year' }).fill('2025')
      await page.getByRole('button', { name: 'Account', exact: true }).click()
    }
    const inventory = page.getByRole('region', { name: 'Inventory' })
    // What is wide enough to be pressed opens its part of the rows below.
    await inventory
      .getByRole('button', { name: /^Scope 2: .*Opens/ })
      .first()
      .click()
    const tree = page.getByRole('table', { name: 'From scopes down to the rows' })
    await tree.getByRole('button', { name: /^grid:EL-07/ }).waitFor()
    await tree.getByRole('button', { name: 'Scope 3', exact: true }).click()
    await tree.getByRole('button', { name: /^4 / }).first().click()
    await tree.getByRole('row', { name: /^lorries · hgv.*137\.8.*1 450 000 t·km inventory-2025\.yaml:\d+/ }).waitFor()
    await tree
      .getByRole('button', { name: /^grid:EL-07/ })
      .first()
      .click()
    const row = page.getByRole('dialog', { name: 'grid:EL-07' })
    await row.getByText('inventory-2025.csv, line 8').waitFor()
    await row.getByText('grid-cn/CN-JS.2023', { exact: true }).waitFor()
    await row.getByText(/Announcement 2025 No\. 47/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('radio', { name: 'City (GPC)' }).click()
    await inventory.getByRole('button', { name: /^Show the places without an amount: \d+$/ }).click()
    await tree.getByRole('row', { name: /^I\.1\.1 .*NO: nobody lives in the park/ }).waitFor()
    await tree.getByRole('rowheader', { name: 'BASIC', exact: true }).waitFor()
    noFaults(page)
  })

  it('matches the hours of the meters of the site, and says what would lift the score', async () => {
    const page = await park.open(at('carbon#hours'))
    await page.getByRole('button', { name: 'Match', exact: true }).click()
    const hours = page.getByRole('region', { name: 'Clean power hour by hour' })
    await hours.getByText('Matched hour by hour').waitFor()
    await hours
      .getByRole('region', { name: 'What would lift it' })
      .getByText(/^Least is clean at \d\d:00/)
      .waitFor()
    await hours.getByRole('radio', { name: 'Months' }).click()
    expect(await hours.getByRole('table').getByRole('columnheader').count()).toBe(26)
    noFaults(page)
  })
})

describe('the claims desk', () => {
  it('opens what was read of a quantity, keeps the check, and shows it again from its link', async () => {
    const page = await park.open(at('claims'))
    await page.getByRole('button', { name: 'Solar station in Sichuan' }).click()
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByRole('button', { name: '600,000 tonnes', exact: true }).click()
    await page.getByText(/read as standard coal:\s595.*kgce/).waitFor()
    await page.waitForURL(/run=/)
    const again = await park.open(new URL(page.url()).pathname + new URL(page.url()).search)
    await again.locator('.claim-sentence mark').first().waitFor()
    await again
      .getByRole('region', { name: 'Checked before' })
      .getByText(/^A solar station of 1 million/)
      .waitFor()
    await again.getByRole('button', { name: 'Change it and check again' }).click()
    expect(await again.getByLabel('The claim, in plain').inputValue()).toMatch(/^A solar station of 1 million/)
    noFaults(page)
    noFaults(again)
  })

  it('takes numbers with their roles, and hostile text of ten thousand letters', async () => {
    const page = await park.open(at('claims'), phone)
    await page.getByRole('radio', { name: 'Numbers (YAML)' }).click()
    await page
      .getByLabel('The claim as a file')
      .fill(
        'stated:\n  - { role: capacity, value: "5.8", scale: 1000 }\n  - { role: energy, value: "99", scale: 1e9, period: year }',
      )
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText('Not explained: no known factor gives it').waitFor()
    const hostile = `<img src=x onerror=alert(1)> \u202e 5.8 MW give 6.2 GWh a year 🐊 ${'x'.repeat(10_000)}`
    await page.getByRole('radio', { name: 'Sentences' }).click()
    await page.getByLabel('The claim, in plain').fill(hostile)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.locator('.claim-sentence').getByText('<img src=x onerror=alert(1)>').waitFor()
    await expectWithinWindow(page, 'on a phone')
    noFaults(page)
  })
})

describe('the ledger', () => {
  it('is written with a preview, found, proved, corrected, and proved to go on', async () => {
    const page = await park.open(at('ledger'))
    await page.getByRole('button', { name: 'Write into the ledger' }).click()
    const lines = readFileSync(join(root, 'docs/guides/carbon-entries.ndjson'), 'utf8').trim().split('\n').slice(0, 3)
    await page.getByLabel('One JSON object a line').fill(lines.join('\n'))
    const preview = page.getByRole('list', { name: 'What it will do' })
    await preview.getByText(/Inventory, Scope 1: 0 → 3\s824\skg CO₂/).waitFor()
    await page.getByRole('button', { name: 'Write, entries: 3' }).click()
    await page.getByText('Written. The ledger has 3 entries.').waitFor()

    await page.getByRole('tab', { name: 'Check it' }).click()
    await page.getByText('From 3 to 3 entries, checked in this browser: ● it goes on').waitFor()
    await page.getByRole('tab', { name: 'Write' }).click()
    await page.getByRole('radio', { name: 'Take one back' }).click()
    await page.getByLabel('Id of the entry that is taken back').fill('genset-2023-01')
    await page.getByLabel('Note for whoever').fill('The tank was filled with 0.9 t <b>')
    await preview.getByText(/3\s824 → 0\skg CO₂/).waitFor()
    await page.getByRole('button', { name: 'Write, entries: 1' }).click()
    await page.getByText('Written. The ledger has 4 entries.').waitFor()

    // The checkpoint that this browser kept was of three entries.
    await page.getByRole('tab', { name: 'Check it' }).click()
    await page.getByText('From 3 to 4 entries, checked in this browser: ● it goes on').waitFor()
    await page.getByRole('tab', { name: 'Entries' }).click()
    await page.getByLabel('Kind').selectOption('reversal')
    const table = page.getByRole('table', { name: 'Entries of the ledger, the newest first' })
    await expect.poll(() => table.getByRole('row').count()).toBe(2)
    await table.getByRole('button', { name: 'Prove: genset-2023-01-taken-back' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('● it is in the signed ledger').waitFor()
    await drawer.getByRole('region', { name: 'Corrections' }).getByRole('button', { name: '#2 genset-2023-01' }).click()
    await page
      .getByRole('dialog', { name: '#2 genset-2023-01' })
      .getByText(/1\.2 t diesel × 43\.0/)
      .waitFor()
    noFaults(page)
  })
})

describe('reports and evidence', () => {
  it('shows the report of a run in a frame that may do nothing, and gives it in four forms', async () => {
    const run = await park.ask('/api/v1/engines/carbon.park-verdict', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait' },
      body: JSON.stringify({ site: park.site, figuresFile: 'verdict-2025.yaml' }),
    })
    const { evidence } = (await run.json()) as { evidence: string }
    const page = await park.open(at(`reports?run=${evidence}`))
    const frame = page.getByTitle('Preview: Verdict on a zero-carbon park')
    expect(await frame.getAttribute('sandbox')).toBe('')
    await frame.contentFrame().getByText('Not decided').first().waitFor()
    await page.getByRole('radio', { name: '中文' }).click()
    await frame.contentFrame().getByText('零碳园区').first().waitFor()
    const pdf = await page.request.get(
      park.address + (await page.getByRole('link', { name: 'PDF' }).getAttribute('href')),
    )
    expect([pdf.status(), (await pdf.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])

    await page.goto(park.address + at(`runs?run=${evidence}`))
    const drawer = page.getByRole('dialog', { name: 'carbon.park-verdict' })
    await drawer.getByText(evidence, { exact: true }).waitFor()
    await drawer.getByRole('button', { name: 'Run it again' }).click()
    await drawer.getByText('The same bytes again').waitFor()
    noFaults(page)
  })

  it('fits a phone on every page, in the dark', async () => {
    const page = await park.open(at('carbon'), { ...phone, colorScheme: 'dark' })
    for (const path of ['carbon', 'carbon#verdict', 'ledger', 'reports', 'runs']) {
      await page.goto(park.address + at(path))
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      await expectWithinWindow(page, 'on a phone')
    }
    noFaults(page)
  })
})
