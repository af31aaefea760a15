import { describe, expect, it } from 'vitest'
import { pages } from '../../web/src/app/pages.ts'
import { noFaults, usePark } from './park.ts'

const park = usePark()

describe('every page of a site', () => {
  it.each(pages.map(({ id }) => id))('%s opens, says its name, and logs no error', async (id) => {
    const page = await park.open(`/sites/${park.site}/${id}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
    expect(await page.getByRole('alert').count()).toBe(0)
    noFaults(page)
  })
})
