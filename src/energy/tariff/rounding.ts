/** Rounds money to a multiple of `unit`, half away from zero; without a unit it stays as it is. */
export function roundMoney(amount: number, unit: number | undefined): number {
  if (unit === undefined) return amount
  // A half that binary fractions show as a little less is a half: 1.005 is one.
  const count = Math.round(Math.abs(amount / unit) * (1 + 1e-12) + 1e-9)
  return Math.sign(amount) * inUnits(count, unit)
}

/** Sum of amounts that are multiples of `unit`, as a number that prints as one. */
export function sumMoney(amounts: readonly number[], unit: number | undefined): number {
  if (unit === undefined) return amounts.reduce((sum, amount) => sum + amount, 0)
  const count = amounts.reduce((sum, amount) => sum + Math.round(amount / unit), 0)
  return inUnits(count, unit)
}

/** `count × unit`; for 0.01 and its like by division, which gives the nearest decimal. */
function inUnits(count: number, unit: number): number {
  const perOne = Math.round(1 / unit)
  return Math.abs(perOne * unit - 1) < 1e-9 ? count / perOne + 0 : count * unit
}
