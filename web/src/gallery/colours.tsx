import { useEffect, useRef, useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { painterOf } from '../ui/canvas-colour.ts'
import { families } from '../ui/families.ts'
import { glyphs } from '../ui/sources.ts'
import { tones } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { contrastOf } from './contrast.ts'

const inks = ['ink', 'ink-soft', 'ink-faint', 'accent', ...tones]
/** Drawn, never written with. */
const lines = ['focus', 'line-control']
const dataTokens = [1, 2, 3, 4, 5, 6].map((number) => `data-${number}`)

/** Colours of text and lines: as they look on the page, and their contrast to it. */
export function Inks() {
  const { say } = useWords()
  const [place, contrasts] = useContrasts([...inks, ...lines])
  return (
    <ul className="gallery-inks" ref={place}>
      {inks.map((token) => (
        <li key={token} style={{ color: `var(--${token})` }}>
          <span>{token}</span>
          <span title={say('gallery.contrast')}>{formatNumber(contrasts[token] ?? Number.NaN, 3)}</span>
        </li>
      ))}
      {lines.map((token) => (
        <li key={token} style={{ boxShadow: `inset 0 -3px var(--${token})` }}>
          <span>{token}</span>
          <span title={say('gallery.contrast')}>{formatNumber(contrasts[token] ?? Number.NaN, 3)}</span>
        </li>
      ))}
    </ul>
  )
}

/** Sources with their glyphs, then the palette for what is no source. */
export function Palette() {
  const { say } = useWords()
  const tokens = [...families, 'nature', ...dataTokens]
  const [place, contrasts] = useContrasts(tokens)
  return (
    <ul className="gallery-palette" ref={place}>
      {tokens.map((token) => {
        const family = families.find((own) => own === token)
        const Glyph = family && glyphs[family]
        return (
          <li key={token}>
            <i style={{ background: `var(--${token})` }} aria-hidden />
            {Glyph ? <Glyph size={16} aria-hidden /> : <span />}
            <span>{family ? say(`kind.${family}`) : token}</span>
            <span className="quiet">{formatNumber(contrasts[token] ?? Number.NaN, 3)}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** Contrast of tokens to the paper of the theme around an element. */
function useContrasts(tokens: readonly string[]) {
  const place = useRef<HTMLUListElement>(null)
  const [contrasts, setContrasts] = useState<Readonly<Record<string, number>>>({})
  // biome-ignore lint/correctness/useExhaustiveDependencies: tokens of a list never change
  useEffect(() => {
    if (!place.current) return
    const paint = painterOf(place.current)
    const paper = paint('paper')
    setContrasts(Object.fromEntries(tokens.map((token) => [token, contrastOf(paint(token), paper)])))
  }, [])
  return [place, contrasts] as const
}
