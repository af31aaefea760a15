import { sameDimension } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { convert, type Decimal, exactUnit, parseDecimal, quantity } from '../../quantity/index.ts'
import { type CountContext, placed } from '../count/index.ts'
import type { Figures } from '../figures/index.ts'
import type { SchemeFile } from '../schemes/index.ts'

type Rule = SchemeFile['guiding'][number]

export interface GuidingResult {
  readonly rule: Rule
  readonly result: 'meets' | 'misses' | 'not-known' | 'left-out'
  /** In the unit of the rule. */
  readonly value: Decimal | null
  readonly why?: string
}

/**
 * The other indicators of a scheme against their limits. One that nothing is said of is not known; one that is left out says why.
 *
 * @throws `carbon.bad-figures` for an indicator that the scheme does not have, `carbon.unit-mismatch`
 */
export function judgeGuiding({ guiding = {} }: Figures, { scheme, placeOf }: CountContext): readonly GuidingResult[] {
  const rules = scheme.file.guiding
  const unknown = Object.keys(guiding).find((id) => rules.every((rule) => rule.id !== id))
  if (unknown !== undefined) {
    throw carbonErrors.badFigures({
      detail: 'The scheme has no such indicator',
      ...{ place: placeOf(`guiding.${unknown}`), found: unknown, expected: rules.map(({ id }) => id).join(', ') },
    })
  }
  return rules.map((rule): GuidingResult => {
    const said = guiding[rule.id]
    if (said === undefined) return { rule, result: 'not-known', value: null }
    if (said.leftOut !== undefined) return { rule, result: 'left-out', value: null, why: said.leftOut }
    const place = placeOf(`guiding.${rule.id}`)
    const value = placed(place, () => saidValue(said, rule))
    const limit = parseDecimal(rule.limit)
    const meets = rule.relation === 'at-least' ? value.gte(limit) : value.lte(limit)
    return { rule, result: meets ? 'meets' : 'misses', value }
  })
}

type Said = NonNullable<Figures['guiding']>[string]

function saidValue({ value, unit, part, whole }: Said, rule: Rule): Decimal {
  const stated = value !== undefined
  const counted = part !== undefined && whole !== undefined
  if (stated === counted || (stated && unit === undefined)) {
    throw carbonErrors.badFigures({
      detail: `${rule.title} is not told`,
      ...{
        found: Object.keys({ value, unit, part, whole }),
        expected: 'a value with its unit, or a part and its whole, or leftOut',
      },
    })
  }
  if (stated) {
    if ((unit === 'level') !== (rule.unit === 'level')) {
      throw carbonErrors.unitMismatch({
        detail: `${rule.title} is told in ${unit}`,
        ...{ found: unit, expected: rule.unit },
      })
    }
    return unit === 'level' ? parseDecimal(value) : share(convert(quantity(value, unit ?? ''), rule.unit).amount, rule)
  }
  const [of, all] = [quantity(part!.amount, part!.unit), quantity(whole!.amount, whole!.unit)]
  const same = convert(of, all.unit)
  if (!all.amount.gt(0)) {
    throw carbonErrors.badFigures({
      detail: `The whole of ${rule.title} is nothing`,
      found: whole!.amount,
      expected: 'more than 0',
    })
  }
  if (!sameDimension(exactUnit(rule.unit).dimension, {})) {
    throw carbonErrors.unitMismatch({
      detail: `${rule.title} is no share`,
      found: 'a part and its whole',
      expected: rule.unit,
    })
  }
  const { numerator, denominator } = exactUnit(rule.unit)
  return share(same.amount.dividedBy(all.amount).times(String(denominator)).dividedBy(String(numerator)), rule)
}

/** A share lies between nothing and all. */
function share(value: Decimal, rule: Rule): Decimal {
  const { numerator, denominator, dimension } = exactUnit(rule.unit)
  const isShare = sameDimension(dimension, {})
  const all = Number(denominator) / Number(numerator)
  if (!isShare || (value.gte(0) && value.lte(all))) return value
  throw carbonErrors.badFigures({
    detail: `${rule.title} is no share`,
    ...{ found: `${value.toFixed()} ${rule.unit}`, expected: `0 to ${all} ${rule.unit}` },
  })
}
