import { Decimal, plus, times } from '../quantity/index.ts'
import { allTerms, sumTerms, type Term, uptakeTerm } from './pact/fields.ts'

/** Kilograms of CO2e by where they come from: the terms of PACT 3, with uptake and the two that are part of others. */
export type Terms = Readonly<Record<Term, Decimal>>

const zero = new Decimal(0)

export const termsOf = (some: Partial<Terms>): Terms =>
  Object.fromEntries(allTerms.map((name) => [name, some[name] ?? zero])) as Record<Term, Decimal>

export const mapTerms = (terms: Terms, change: (value: Decimal, name: Term) => Decimal): Terms =>
  Object.fromEntries(allTerms.map((name) => [name, change(terms[name], name)])) as Record<Term, Decimal>

export const addTerms = (all: readonly Terms[]): Terms =>
  all.reduce((sum, one) => mapTerms(sum, (value, name) => plus(value, one[name])), termsOf({}))

export const scaleTerms = (terms: Terms, by: Decimal): Terms => mapTerms(terms, (value) => times(value, by))

/** The sum without uptake. */
export const excluding = (terms: Terms): Decimal => sumTerms.reduce((sum, name) => plus(sum, terms[name]), zero)
/** The sum with uptake. */
export const including = (terms: Terms): Decimal => plus(excluding(terms), terms[uptakeTerm])
