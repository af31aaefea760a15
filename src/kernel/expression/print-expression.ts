import type { Expression } from './expression.ts'

const sum = 10
const product = 20
const minus = 30
const power = 40
const whole = 50

/** An expression as text that reads back to the same tree, with no parentheses but those it needs. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.unit === undefined ? `${expression.value}` : `${expression.value} ${expression.unit}`
    case 'point':
      return expression.ref
    case 'negate':
      return `-${within(expression.of, minus)}`
    case 'power':
      return `${within(expression.base, whole)}^${expression.exponent}`
    case 'arithmetic': {
      const { sign, left, right } = expression
      const strength = strengthOf(expression)
      return `${within(left, strength)} ${sign} ${within(right, strength + 1)}`
    }
    case 'call':
      return `${expression.name}(${expression.parts.map(printExpression).join(', ')})`
    case 'if': {
      const { condition, chosen, otherwise } = expression
      const asked = `${printExpression(condition.left)} ${condition.sign} ${printExpression(condition.right)}`
      return `if(${asked}, ${printExpression(chosen)}, ${printExpression(otherwise)})`
    }
  }
}

/** In parentheses where it binds less than what is around it asks. */
const within = (part: Expression, strength: number): string =>
  strengthOf(part) < strength ? `(${printExpression(part)})` : printExpression(part)

function strengthOf(part: Expression): number {
  switch (part.kind) {
    case 'arithmetic':
      return part.sign === '+' || part.sign === '-' ? sum : product
    case 'negate':
      return minus
    case 'power':
      return power
    case 'number':
      return part.unit === undefined ? whole : power
    default:
      return whole
  }
}
