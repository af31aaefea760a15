import type { Reason } from '../schema/index.ts'
import type { Proof } from './proof.ts'
import type { SizeAnswer } from './size-answer.ts'
import type { SizeTask, SizeYear } from './size-year.ts'

/** What drove the sizes, what bounds them, and what to beware of. */
export function sizeReasons(
  task: SizeTask,
  year: SizeYear,
  best: SizeAnswer,
  today: SizeAnswer,
  proof: Proof | null,
): Reason[] {
  const { decisions, site } = task
  const say = (code: string, text: string, values: Reason['values'], asset?: string): Reason => ({
    code,
    text,
    values,
    ...(asset === undefined ? {} : { asset }),
  })
  const bounds = decisions.flatMap(({ id, option, asset, unit }): Reason[] => {
    const size = best.sizes.get(id) ?? 0
    if (size > option.max * (1 - 1e-3)) {
      return [
        say(
          'size.at-most',
          `${asset.title} is as large as it may be, ${option.max} ${unit}: more would pay.`,
          { size, unit },
          asset.id,
        ),
      ]
    }
    if (size < option.max * 1e-4 && option.existing === 0) {
      return [say('size.not-worth', `${asset.title} is not worth its cost at these prices.`, { unit }, asset.id)]
    }
    return []
  })
  const missed = [
    ...(best.missedCarbonKg > 1
      ? [
          say(
            'size.carbon-missed',
            `Even the largest sizes emit ${Math.round(best.missedCarbonKg)} kgCO2e a year more than the cap.`,
            { emissionsKgCo2e: best.missedCarbonKg },
          ),
        ]
      : []),
    ...(best.missedRenewableKwh > 1
      ? [
          say(
            'size.renewable-missed',
            `Even the largest sizes leave ${Math.round(best.missedRenewableKwh)} kWh a year more from grid and fuel than the target.`,
            { energyKwh: best.missedRenewableKwh },
          ),
        ]
      : []),
  ]
  const { mostCapex } = task.investment
  const paid = decisions.reduce(
    (sum, { id, option }) =>
      sum + Math.max(0, (best.sizes.get(id) ?? 0) - option.existing) * option.capexPerUnit * (1 - option.subsidyShare),
    0,
  )
  const spent = mostCapex !== undefined && mostCapex > 0 && paid > mostCapex * (1 - 1e-3)
  return [
    ...missed,
    ...bounds,
    ...(spent
      ? [
          say(
            'size.budget-spent',
            `The budget of ${Math.round(mostCapex)} ${site.currency} is spent: more would pay.`,
            {
              cost: mostCapex,
            },
          ),
        ]
      : []),
    ...(best.unservedKwh > 1
      ? [
          say(
            'size.unserved',
            `${Math.round(best.unservedKwh)} kWh a year go unserved: more would cost more than it is worth.`,
            { energyKwh: best.unservedKwh },
          ),
        ]
      : []),
    ...(today.unservedKwh > 1
      ? [
          say(
            'size.today-unserved',
            `Without the new machines ${Math.round(today.unservedKwh)} kWh a year would go unserved; that is not counted as money.`,
            { energyKwh: today.unservedKwh },
          ),
        ]
      : []),
    ...(year.sizeModel.relaxedIntegers
      ? [
          say(
            'size.commitment-relaxed',
            'Machines of a fixed size were taken to run at any part of their load; the trial with the live controller counts starts and part load.',
            {},
          ),
        ]
      : []),
    ...(proof === null
      ? [
          say(
            'size.not-tried',
            'The sizes were not tried with the live controller: operation knows the whole year beforehand.',
            {},
          ),
        ]
      : [
          say(
            'size.tried',
            `With the live controller ${proof.span} cost ${Math.round(proof.cost)} ${site.currency}, with perfect foresight ${Math.round(proof.perfectCost)}.`,
            { cost: proof.cost, perfectCost: proof.perfectCost },
          ),
        ]),
  ]
}
