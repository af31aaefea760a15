import { describe, expect, it } from 'vitest'
import { pages } from '../../web/src/app/pages.ts'
import { shots, shownShots } from './list.ts'
import { shotsReadme } from './readme.ts'

describe('pictures of the console', () => {
  const all = shots(pages.map(({ id }) => id))

  it('show every page in light and dark, each under a name of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const { id } of pages)
      expect(all.filter(({ page, size }) => page === id && size === 'wide').map(({ theme }) => theme)).toEqual([
        'light',
        'dark',
      ])
  })

  it('that stand in the repository are among them, eight at most', () => {
    expect(shownShots.length).toBeLessThanOrEqual(8)
    for (const name of shownShots) expect(all.map((shot) => shot.name)).toContain(name)
  })

  it('are shown with their title', () => {
    expect(shotsReadme(['park-light-phone'])).toContain('![Park, light, phone](park-light-phone.webp)')
  })
})
