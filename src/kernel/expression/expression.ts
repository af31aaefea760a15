/** Where a part of an expression stands: offsets in its text, the end exclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

export type ArithmeticSign = '+' | '-' | '*' | '/'
export type ComparisonSign = '<' | '<=' | '>' | '>=' | '==' | '!='

/** Functions of numbers, each with the least and the most arguments it takes. */
export const functionArity = {
  min: [1, 100],
  max: [1, 100],
  sum: [1, 100],
  mean: [1, 100],
  coalesce: [2, 100],
  abs: [1, 1],
  clamp: [3, 3],
} as const satisfies Readonly<Record<string, readonly [least: number, most: number]>>

export type FunctionName = keyof typeof functionArity

/** An expression as it was written; `if` alone holds a comparison. */
export type Expression = Span &
  (
    | { readonly kind: 'number'; readonly value: number; readonly unit?: string }
    | { readonly kind: 'point'; readonly ref: string }
    | { readonly kind: 'negate'; readonly of: Expression }
    | { readonly kind: 'power'; readonly base: Expression; readonly exponent: number }
    | {
        readonly kind: 'arithmetic'
        readonly sign: ArithmeticSign
        readonly left: Expression
        readonly right: Expression
      }
    | { readonly kind: 'call'; readonly name: FunctionName; readonly parts: readonly Expression[] }
    | {
        readonly kind: 'if'
        readonly condition: Comparison
        readonly chosen: Expression
        readonly otherwise: Expression
      }
  )

export interface Comparison extends Span {
  readonly sign: ComparisonSign
  readonly left: Expression
  readonly right: Expression
}

/** Longest text of an expression, in characters. */
export const maxExpressionLength = 2000
/** Parentheses, signs and calls within each other. */
export const maxExpressionDepth = 50

/** The parts of an expression that it is made of directly. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'point':
      return []
    case 'negate':
      return [expression.of]
    case 'power':
      return [expression.base]
    case 'arithmetic':
      return [expression.left, expression.right]
    case 'call':
      return expression.parts
    case 'if':
      return [expression.condition.left, expression.condition.right, expression.chosen, expression.otherwise]
  }
}

/** Points that an expression names, each once, in the order of the text. */
export function refsOf(expression: Expression): readonly string[] {
  const refs = new Set<string>()
  const walk = (part: Expression): void => {
    if (part.kind === 'point') refs.add(part.ref)
    else partsOf(part).forEach(walk)
  }
  walk(expression)
  return [...refs]
}
