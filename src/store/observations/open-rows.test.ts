import { expect, it } from 'vitest'
import { createOpenRows } from './open-rows.ts'

it('refuses what is too much while it waits, and takes it when there is room; a failure makes room, too', async () => {
  const { hold, figures } = createOpenRows(10)
  const gate = Promise.withResolvers<number>()
  const held = hold(8, () => gate.promise)
  await expect(hold(3, async () => 0)).rejects.toMatchObject({ code: 'store.busy' })
  expect(figures()).toEqual({ rows: 8, maxRows: 10, refused: 1 })
  await expect(hold(2, () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
  expect(await hold(2, async () => 2)).toBe(2)
  gate.resolve(8)
  expect(await held).toBe(8)
  // One batch alone may be larger.
  expect(await hold(30, async () => 30)).toBe(30)
  expect(figures()).toEqual({ rows: 0, maxRows: 10, refused: 1 })
})
