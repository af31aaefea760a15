import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Box, type GalleryBoxes, galleryBoxesFile, galleryViewport, readGalleryBoxes } from './gallery-boxes.ts'
import { noFaults, usePark } from './park.ts'

const park = usePark()
/** How far a part may stand from where it stood: letters are drawn a little otherwise on every machine. */
const tolerancePx = 8

/** What of two lists of boxes is not the same. */
function moved(expected: readonly Box[] = [], found: readonly Box[] = []): readonly string[] {
  const told = expected.flatMap(([what, name, ...box], k): readonly string[] => {
    const [whatNow, nameNow, ...boxNow] = found[k] ?? []
    if (what !== whatNow || name !== nameNow) return [`${what} “${name}” became ${whatNow} “${nameNow}”`]
    const far = box.some((px, side) => Math.abs(px - Number(boxNow[side])) > tolerancePx)
    return far ? [`${what} “${name}” stood at ${box.join(' ')}, stands at ${boxNow.join(' ')}`] : []
  })
  return found.length > expected.length ? [...told, `${found.length - expected.length} parts more`] : told
}

describe('the gallery', () => {
  it('has every part where it was, in each theme: `npm run shots -- --gallery` renews it', async () => {
    const kept = JSON.parse(readFileSync(galleryBoxesFile, 'utf8')) as GalleryBoxes
    const page = await park.open(`/sites/${park.site}/gallery`, { viewport: galleryViewport })
    const found = await readGalleryBoxes(page)
    expect(Object.keys(found)).toEqual(Object.keys(kept))
    for (const [group, themes] of Object.entries(found)) {
      expect(moved(kept[group]?.light, themes.light), group).toEqual([])
      // Another theme changes colours, never places.
      for (const theme of ['dark', 'contrast'])
        expect(moved(themes.light, themes[theme]), `${group}, ${theme}`).toEqual([])
    }
    noFaults(page)
  })

  it('paints each theme in its own colours, the same at every visit', async () => {
    const page = await park.open(`/sites/${park.site}/gallery`, { viewport: galleryViewport })
    await readGalleryBoxes(page)
    const picture = (group: string) => page.locator(`#${group}`).screenshot({ animations: 'disabled' })
    const groups = ['palette', 'fields']
    const pictures = new Map<string, Buffer>()
    /** Whether a group looks as it did when this was last asked: letters and boxes come to rest a little after they are there. */
    const asBefore = async (group: string): Promise<boolean> => {
      const now = await picture(group)
      const same = pictures.get(group)?.equals(now) === true
      pictures.set(group, now)
      return same
    }
    for (const group of groups) await expect.poll(() => asBefore(group), { message: group }).toBe(true)
    const before = new Map(pictures)
    await page.reload()
    await readGalleryBoxes(page)
    for (const group of groups) {
      const then = before.get(group)
      const asThen = async () => then?.equals(await picture(group))
      await expect.poll(asThen, { message: `${group} at another visit` }).toBe(true)
    }
    const papers = await page
      .locator('#states .gallery-theme')
      .evaluateAll((places) => places.map((place) => getComputedStyle(place).backgroundColor))
    expect(new Set(papers).size).toBe(3)
    noFaults(page)
  })
})
