import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLogSigner, newLogKey, openCheckpoint, signCheckpoint } from './checkpoint.ts'

const signer = createLogSigner('mangrove/liyang-park', newLogKey())
const checkpoint = { origin: 'mangrove/liyang-park', size: 7, root: Buffer.alloc(32, 9), time: '2026-07-06T00:00:00Z' }
const note = signCheckpoint(checkpoint, signer)

it('opens for its key, and for no other', () => {
  expect(openCheckpoint(note, signer.verifierKey)).toEqual(checkpoint)
  const other = createLogSigner('mangrove/liyang-park', newLogKey())
  expect(() => openCheckpoint(note, other.verifierKey)).toThrow(/carbon.bad-signature/)
  expect(() => openCheckpoint(note, `${signer.verifierKey}x`)).toThrow(/no verifier key/)
  expect(() => createLogSigner('a b', newLogKey())).toThrow(/carbon.bad-signature/)
})

it('passes by what witnesses add below', () => {
  const witness = createLogSigner('witness.example', newLogKey())
  const cosigned = note + signCheckpoint(checkpoint, witness).split('\n\n')[1]
  expect(openCheckpoint(cosigned, signer.verifierKey)).toEqual(checkpoint)
  expect(openCheckpoint(cosigned, witness.verifierKey)).toEqual(checkpoint)
})

it('law: no changed checkpoint opens', () => {
  const bytes = Buffer.from(note)
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(bytes)
      changed[at]! ^= by
      expect(() => openCheckpoint(changed.toString(), signer.verifierKey)).toThrow(/carbon.bad-signature/)
    }),
    { numRuns: 150 },
  )
})
