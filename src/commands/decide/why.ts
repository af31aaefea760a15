/** One sentence of why a setpoint is what it is, ready for translation: a code and its facts. */
export interface Why {
  readonly code: string
  /** English. */
  readonly text: string
  readonly values: Readonly<Record<string, number | string>>
}

export const why = (code: string, text: string, values: Why['values'] = {}): Why => ({
  code: `commands.${code}`,
  text,
  values,
})

/** A number as people read it. */
export const shown = (value: number): string => String(Number(value.toPrecision(6)))
