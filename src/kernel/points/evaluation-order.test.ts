import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluationOrder } from './evaluation-order.ts'

const order = (needs: Readonly<Record<string, readonly string[]>>) => evaluationOrder(new Map(Object.entries(needs)))

describe('the order of evaluation', () => {
  it('puts each after what it needs; what is given from outside has no place in it', () => {
    expect(order({ c: ['b', 'a'], b: ['a'], a: ['measured'] })).toEqual({ order: ['a', 'b', 'c'], circles: [] })
  })

  it('names each circle once, from its first name, and nothing that merely needs one', () => {
    const { order: done, circles } = order({ x: ['a'], b: ['a'], a: ['b'], self: ['self'], free: [], y: ['x', 'free'] })
    expect(done).toEqual(['free'])
    expect(circles).toEqual([['b', 'a'], ['self']])
  })

  it('is complete and right for every random graph, or there is a circle', () => {
    const names = Array.from({ length: 8 }, (_, k) => `p${k}`)
    const graph = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray([...names, 'outside'])])))
    let circular = 0
    const check = (needs: Readonly<Record<string, readonly string[]>>) => {
      const { order: done, circles } = order(needs)
      done.forEach((name, place) => {
        for (const other of needs[name] ?? []) if (other !== 'outside') expect(done.slice(0, place)).toContain(other)
      })
      for (const circle of circles) {
        circular += 1
        for (const [k, name] of circle.entries()) expect(needs[name]).toContain(circle[(k + 1) % circle.length])
      }
      expect(done.length === names.length).toBe(circles.length === 0)
    }
    fc.assert(fc.property(graph, check))
    // Graphs in which each needs only what stands before it have no circle.
    const tree = fc.record(Object.fromEntries(names.map((name, k) => [name, fc.subarray(names.slice(0, k))])))
    const before = circular
    fc.assert(fc.property(tree, check))
    expect(before).toBeGreaterThan(0)
    expect(circular).toBe(before)
  })

  it('goes through a chain of 20,000 points, and through 20,000 users of one', () => {
    const chain = new Map(Array.from({ length: 20_000 }, (_, k) => [`p${k}`, k === 0 ? [] : [`p${k - 1}`]]))
    expect(evaluationOrder(new Map([...chain].reverse())).order).toEqual([...chain.keys()])
    const star = new Map(Array.from({ length: 20_000 }, (_, k) => [`p${k}`, k === 0 ? [] : ['p0']]))
    const began = performance.now()
    expect(evaluationOrder(star).order).toHaveLength(20_000)
    expect(performance.now() - began).toBeLessThan(1000)
    chain.set('p0', ['p19999'])
    expect(evaluationOrder(chain).circles[0]).toHaveLength(20_000)
  })
})
