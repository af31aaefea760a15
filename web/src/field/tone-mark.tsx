import type { Tone } from './link-state.ts'

const shapes: Readonly<Record<Tone, string>> = { good: '●', advisory: '◆', warning: '▲', alarm: '■', manual: '⬢' }

/** A state by shape, colour and word. */
export const ToneMark = ({ tone, word }: { readonly tone: Tone; readonly word: string }) => (
  <span className="tone" data-tone={tone}>
    <span aria-hidden>{shapes[tone]}</span> {word}
  </span>
)
