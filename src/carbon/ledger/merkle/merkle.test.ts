import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMerkleTree, leafHash, nodeHash, verifyConsistency, verifyInclusion } from './index.ts'

/** Entries and roots of the reference implementation of RFC 6962 (certificate-transparency, merkle_tree_test.cc). */
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const treeOf = (count: number) => {
  const tree = createMerkleTree()
  for (let k = 0; k < count; k += 1) tree.append(Buffer.from(`entry ${k}`))
  return tree
}

describe('the Merkle tree', () => {
  it('has the roots of RFC 6962 for 0 to 8 entries', () => {
    const tree = createMerkleTree()
    expect(tree.root().toString('hex')).toBe(roots[0])
    entries.forEach((entry, index) => {
      tree.append(Buffer.from(entry, 'hex'))
      expect(tree.root().toString('hex')).toBe(roots[index + 1])
    })
    expect(roots.map((_, size) => tree.root(size).toString('hex'))).toEqual(roots)
  })

  it('has the tree of RFC 9162, section 2.1.5: inclusion of d0 and consistency of 3, 4 and 6 in 7 entries', () => {
    const tree = treeOf(7)
    const leaf = (k: number) => leafHash(Buffer.from(`entry ${k}`))
    const [a, b, c, d, e, f, j] = [0, 1, 2, 3, 4, 5, 6].map(leaf) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ]
    const [g, h, i] = [nodeHash(a, b), nodeHash(c, d), nodeHash(e, f)]
    const [k, l] = [nodeHash(g, h), nodeHash(i, j)]
    expect(tree.inclusion(0)).toEqual([b, h, l])
    expect(tree.inclusion(3)).toEqual([c, g, l])
    expect(tree.inclusion(4)).toEqual([f, j, k])
    expect(tree.inclusion(6)).toEqual([i, k])
    expect(tree.consistency(3)).toEqual([c, d, g, l])
    expect(tree.consistency(4)).toEqual([l])
    expect(tree.consistency(6)).toEqual([i, j, k])
  })

  it('law: every proof of every size up to 65 holds', () => {
    const tree = treeOf(65)
    for (let size = 0; size <= 65; size += 1) {
      const root = tree.root(size)
      for (let index = 0; index < size; index += 1) {
        const leaf = leafHash(Buffer.from(`entry ${index}`))
        if (!verifyInclusion({ index, size, leaf, root }, tree.inclusion(index, size)))
          throw new Error(`${index} of ${size}`)
      }
      for (let first = 0; first <= size; first += 1) {
        const claim = { first, second: size, firstRoot: tree.root(first), secondRoot: root }
        if (!verifyConsistency(claim, tree.consistency(first, size))) throw new Error(`${first} in ${size}`)
      }
    }
  })

  it('law: no changed proof holds', () => {
    const tree = treeOf(100)
    const numbers = fc.record({
      size: fc.integer({ min: 2, max: 100 }),
      at: fc.nat(),
      bit: fc.nat({ max: 255 }),
      place: fc.nat(),
    })
    fc.assert(
      fc.property(
        numbers,
        fc.constantFrom('flip', 'drop', 'double', 'index', 'size'),
        ({ size, at, bit, place }, how) => {
          const index = at % size
          const path = tree.inclusion(index, size).map((hash) => Buffer.from(hash))
          const step = place % path.length
          const claim = { index, size, leaf: leafHash(Buffer.from(`entry ${index}`)), root: tree.root(size) }
          if (how === 'flip') path[step]![bit >> 3]! ^= 1 << (bit & 7)
          if (how === 'drop') path.splice(step, 1)
          if (how === 'double') path.splice(step, 0, path[step]!)
          const other = {
            ...claim,
            ...(how === 'index' ? { index: (index + 1) % size } : how === 'size' ? { size: size + 100 } : {}),
          }
          expect(verifyInclusion(other, path)).toBe(false)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('law: a log that was changed before its first size is not consistent', () => {
    const tree = treeOf(60)
    const sizes = fc
      .integer({ min: 1, max: 59 })
      .chain((first) => fc.tuple(fc.constant(first), fc.integer({ min: first + 1, max: 60 })))
    fc.assert(
      fc.property(sizes, fc.nat(), ([first, second], at) => {
        const forged = createMerkleTree()
        for (let k = 0; k < second; k += 1) forged.append(Buffer.from(k === at % first ? 'other' : `entry ${k}`))
        const claim = { first, second, firstRoot: tree.root(first), secondRoot: forged.root(second) }
        expect(verifyConsistency(claim, forged.consistency(first, second))).toBe(false)
        expect(verifyConsistency(claim, tree.consistency(first, second))).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('refuses sizes and indices that it does not have', () => {
    const tree = treeOf(3)
    expect(() => tree.root(4)).toThrow(RangeError)
    expect(() => tree.inclusion(3)).toThrow(RangeError)
    expect(() => tree.consistency(2, 9)).toThrow(RangeError)
    expect(verifyInclusion({ index: 3, size: 3, leaf: Buffer.alloc(32), root: tree.root() }, [])).toBe(false)
  })
})
