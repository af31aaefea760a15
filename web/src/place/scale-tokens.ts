import { type Scale, shareOn } from './quantities.ts'

/** Tokens of a scale from nothing to most. */
export const risingTokens: readonly string[] = Array.from({ length: 7 }, (_, step) => `place-scale-${step}`)

/** Tokens of a scale that leads from what takes most, over nothing, to what gives most. */
export const signedTokens: readonly string[] = [
  'place-takes-3',
  'place-takes-2',
  'place-takes-1',
  'place-rests',
  'place-gives-1',
  'place-gives-2',
  'place-gives-3',
]

export const tokensOf = ({ signed }: Pick<Scale, 'signed'>): readonly string[] => (signed ? signedTokens : risingTokens)

/** The token of a value on a scale. A signed value is never the token of nothing unless it is next to nothing. */
export function tokenOn(scale: Scale, value: number): string {
  const tokens = tokensOf(scale)
  if (!scale.signed) return tokens[Math.min(tokens.length - 1, Math.floor(shareOn(scale, value) * tokens.length))]!
  // By the root, so that small machines are seen beside large ones.
  const size = Math.sqrt(Math.min(1, Math.abs(value) / scale.most))
  if (size < 0.03) return tokens[3]!
  return tokens[3 + Math.sign(value) * Math.min(3, 1 + Math.floor(size * 3))]!
}
