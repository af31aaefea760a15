import type { ComparisonSign } from './expression.ts'

/** An expression whose units are settled: numbers in, numbers out. */
export type Program =
  | { readonly operation: 'constant'; readonly value: number }
  /** `value · scale + offset` of a point. */
  | { readonly operation: 'column'; readonly ref: string; readonly scale: number; readonly offset: number }
  | { readonly operation: 'scale'; readonly of: Program; readonly scale: number; readonly offset: number }
  | { readonly operation: 'abs'; readonly of: Program }
  | { readonly operation: 'power'; readonly of: Program; readonly exponent: number }
  | { readonly operation: PairOperation; readonly left: Program; readonly right: Program }
  | {
      readonly operation: 'choose'
      readonly sign: ComparisonSign
      readonly left: Program
      readonly right: Program
      readonly chosen: Program
      readonly otherwise: Program
    }

export type PairOperation = 'add' | 'subtract' | 'multiply' | 'divide' | 'min' | 'max' | 'coalesce'

/** `value · scale + offset` of a program; nothing is added where nothing changes. */
export function scaled(of: Program, scale: number, offset = 0): Program {
  if (scale === 1 && offset === 0) return of
  if (of.operation === 'constant') return { operation: 'constant', value: of.value * scale + offset }
  return { operation: 'scale', of, scale, offset }
}

/** Parts joined from left to right by one operation. */
export const joined = (operation: PairOperation, parts: readonly Program[]): Program =>
  parts.reduce((left, right) => ({ operation, left, right }))
