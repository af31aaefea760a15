import { type ReactNode, useId } from 'react'
import { useWords } from '../words/words.ts'

export const shownThemes = ['light', 'dark', 'contrast'] as const
export type ShownTheme = (typeof shownThemes)[number]

interface ThemedProps {
  readonly title: string
  /** Name of the section for tests and links. */
  readonly id: string
  /** Drawn once in each theme. */
  children(theme: ShownTheme): ReactNode
}

/** A group of parts, in all themes side by side. */
export function Themed({ title, id, children }: ThemedProps) {
  const { say } = useWords()
  const titleId = useId()
  return (
    <section className="gallery-group" id={id} aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      <div className="gallery-themes">
        {shownThemes.map((theme) => (
          <section
            key={theme}
            className="gallery-theme"
            data-theme={theme}
            aria-label={`${title}, ${say(`theme.${theme}`)}`}
          >
            {children(theme)}
          </section>
        ))}
      </div>
    </section>
  )
}
