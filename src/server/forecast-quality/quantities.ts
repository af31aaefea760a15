import type { MadeForecast } from '../../energy/index.ts'

/** What is foreseen of an asset: what it is asked for, what sun, wind or water offer it, or what energy costs. */
export const quantityKinds = ['demand', 'available', 'price'] as const
export type QuantityKind = (typeof quantityKinds)[number]

/** A quantity that forecasts were made of. */
export interface Quantity {
  /** `<asset>.<point>`: `factory.demandKw`. */
  readonly ref: string
  readonly asset: string
  /** Kind of the asset. */
  readonly assetKind: string
  readonly title: string
  readonly what: QuantityKind
  readonly unit: string
}

/** A quantity with what was foreseen of it, by rising time of making. */
export interface ForeseenQuantity extends Quantity {
  readonly forecasts: readonly MadeForecast[]
}

const kindOfPoint: Readonly<Record<string, QuantityKind>> = {
  demandKw: 'demand',
  availableKw: 'available',
  importPrice: 'price',
}

/** What a series of a plan foresees; undefined: it is decided, or follows from what is. */
export function quantityKindOf(ref: string): QuantityKind | undefined {
  const point = ref.slice(ref.indexOf('.') + 1)
  return Object.hasOwn(kindOfPoint, point) ? kindOfPoint[point] : undefined
}

/** Kinds whose meter tells what was foreseen of them, unless the plan moves them. */
const metered: readonly string[] = ['load', 'pv', 'wind', 'hydro']

/** The point of the meter that tells a quantity where it has no point of its own; undefined: none does. */
export const meterOf = ({ asset, assetKind, what }: Quantity): string | undefined =>
  what !== 'price' && metered.includes(assetKind) ? `${asset}.powerKw` : undefined

/** Forecasts of several sources as one list of quantities, each by rising time of making. */
export function gathered(parts: readonly (readonly ForeseenQuantity[])[]): readonly ForeseenQuantity[] {
  const byRef = new Map<string, ForeseenQuantity & { readonly forecasts: MadeForecast[] }>()
  for (const part of parts) {
    for (const { forecasts, ...quantity } of part) {
      const known = byRef.get(quantity.ref)
      if (known) known.forecasts.push(...forecasts)
      else byRef.set(quantity.ref, { ...quantity, forecasts: [...forecasts] })
    }
  }
  for (const { forecasts } of byRef.values()) forecasts.sort((a, b) => a.madeMs - b.madeMs)
  return [...byRef.values()]
}
