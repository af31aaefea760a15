import { describe, expect, it } from 'vitest'
import { createGroupCommit } from './group-commit.ts'
import { emptyRows, type Rows } from './rows.ts'

const rows = (count: number): Rows => ({ ...emptyRows(count), count })

describe('commits of groups', () => {
  it('commits what came meanwhile as one, in order', async () => {
    const groups: number[][] = []
    const first = Promise.withResolvers<void>()
    const { append, figures } = createGroupCommit(async (group) => {
      groups.push(group.map(({ count }) => count))
      if (groups.length === 1) await first.promise
    })
    const all = [1, 2, 3, 4].map((count) => append(rows(count)))
    expect(figures().waitingRows).toBe(10)
    first.resolve()
    await Promise.all(all)
    expect(groups).toEqual([[1], [2, 3, 4]])
    expect(figures()).toMatchObject({ rows: 10, commits: 2, waitingRows: 0, refused: 0 })
  })

  it('cuts a group that would take long', async () => {
    const groups: number[][] = []
    const { append } = createGroupCommit(
      async (group) => {
        groups.push(group.map(({ count }) => count))
      },
      { waitingRows: 1000, commitRows: 10 },
    )
    await Promise.all([4, 4, 4, 20, 4].map((count) => append(rows(count))))
    expect(groups).toEqual([[4], [4, 4], [20], [4]])
  })

  it('refuses what is too much and takes it when the disk has caught up', async () => {
    const gate = Promise.withResolvers<void>()
    const { append, figures } = createGroupCommit(() => gate.promise, { waitingRows: 10, commitRows: 100 })
    const held = append(rows(8))
    await expect(append(rows(3))).rejects.toMatchObject({ code: 'store.busy', status: 503 })
    gate.resolve()
    await held
    await append(rows(3))
    expect(figures()).toMatchObject({ rows: 11, refused: 1 })
  })

  it('fails those of one group together and goes on', async () => {
    let calls = 0
    const { append } = createGroupCommit(async () => {
      calls += 1
      if (calls === 1) throw new Error('disk')
    })
    await expect(append(rows(1))).rejects.toThrow('disk')
    await append(rows(1))
  })
})
