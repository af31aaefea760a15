import { type Assumption, type ClaimContext, type Family, shiftFamilies, weightOf } from './families.ts'
import { type Fault, short, statedFaults, unitFault } from './faults.ts'
import { type Quotient, quotientsOf } from './quotients.ts'
import type { Claim, Interval, Stated } from './stated.ts'

export const verdicts = ['consistent', 'consistent if', 'not explained', 'impossible'] as const
export type Verdict = (typeof verdicts)[number]

export const standings = ['explained', 'explained if', 'usual', 'not explained', 'impossible'] as const
/** Of one quotient. `usual`: no factor is looked for, and it lies where such quotients lie. */
export type Standing = (typeof standings)[number]

export interface JudgedQuotient {
  readonly quotient: Quotient
  readonly standing: Standing
  /** Families within the interval, those that take the fewest assumptions first. */
  readonly matches: readonly Family[]
  /** The one whose value is nearest, also where none is within. */
  readonly nearest?: Family
  /** Of those that take no assumption the one of the narrowest place, the newest there: the quotient by the book. */
  readonly official?: Family
}

/** Distances, or shares, that make a saving of a tonne of freight come out. */
export interface ShiftSolution {
  readonly family: Family
  /** km, if all of it really shifted. */
  readonly distanceKm: Interval
  /** Share that must have shifted, where the distance is stated. */
  readonly share?: Interval
}

export interface Judgement {
  readonly verdict: Verdict
  /** What has to hold, where the verdict says `if`. */
  readonly conditions: readonly string[]
  readonly quotients: readonly JudgedQuotient[]
  readonly shift: readonly ShiftSolution[]
  readonly faults: readonly Fault[]
  /** What would let more be checked. */
  readonly missing: readonly string[]
}

/**
 * Holds a claim against everything it can be held against. The verdict is that of its weakest part: a claim of which one
 * quotient is beyond physics is impossible, whatever else fits; nothing is called consistent that was not compared.
 */
export function judgeClaim(claim: Claim, context: ClaimContext): Judgement {
  const quotients = explainByOthers(quotientsOf(claim, context).map(judgeQuotient))
  const shift = claim.shift ? solveShift(claim, claim.shift) : []
  const faults = [
    ...statedFaults(claim, context),
    ...quotients.flatMap(({ quotient, standing }) =>
      standing === 'not explained' || standing === 'impossible' ? (unitFault(quotient) ?? []) : [],
    ),
    ...boundaryFaults(quotients),
    ...mixedBases(quotients),
  ]
  const conditions = conditionsOf(quotients, shift)
  return {
    verdict: verdictOf(quotients, shift, { conditions, faults, shifts: claim.shift !== undefined }),
    ...{ conditions, quotients, shift, faults },
    missing: missingIn(claim, quotients),
  }
}

function judgeQuotient(quotient: Quotient): JudgedQuotient {
  const { low, high, bounds, families } = quotient
  const matches = (families ?? [])
    .filter(({ value }) => value >= low && value <= high)
    .toSorted((a, b) => weightOf(a) - weightOf(b) || distance(a, quotient) - distance(b, quotient))
  const [nearest] = (families ?? []).toSorted((a, b) => distance(a, quotient) - distance(b, quotient))
  const [official] = (families ?? [])
    .filter(({ assumptions }) => assumptions.length === 0)
    .toSorted((a, b) => narrowness(b) - narrowness(a) || validFrom(b).localeCompare(validFrom(a)))
  const judged = { quotient, matches, ...(nearest ? { nearest } : {}), ...(official ? { official } : {}) }
  if (bounds && (low > bounds.possible[1] || high < bounds.possible[0])) return { ...judged, standing: 'impossible' }
  const [best] = matches
  if (best) {
    const assumed = [...best.assumptions, ...quotient.assumptions]
    return { ...judged, standing: assumed.length === 0 ? 'explained' : 'explained if' }
  }
  const usual = bounds !== undefined && high >= bounds.usual[0] && low <= bounds.usual[1]
  if (families || !usual) return { ...judged, standing: 'not explained' }
  return { ...judged, standing: 'usual' }
}

/**
 * Emissions over coal, where both are counted from one energy: the quotient of what explains the two, which no fuel need
 * explain by itself.
 */
function explainByOthers(quotients: readonly JudgedQuotient[]): readonly JudgedQuotient[] {
  return quotients.map((one) => {
    if (one.quotient.id !== 'emissions-per-coal' || one.standing !== 'not explained') return one
    const { over, under } = one.quotient
    const emitted = quotients.find(({ quotient }) => quotient.id === 'emissions-per-energy' && quotient.over === over)
    const burnt = quotients.find(({ quotient }) => quotient.id === 'coal-per-energy' && quotient.over === under)
    const [of, by] = [emitted?.matches[0], burnt?.matches[0]]
    if (!of || !by || emitted?.quotient.under !== burnt?.quotient.under) return one
    const together: Family = {
      value: of.value / by.value,
      label: `${of.label}, over ${by.label}`,
      factors: [...of.factors, ...by.factors],
      assumptions: [...new Set([...of.assumptions, ...by.assumptions])],
    }
    return { ...one, standing: 'explained if', matches: [together] }
  })
}

/** CO2 of what the grid gives on average, coal of what coal plants burn. */
function mixedBases(quotients: readonly JudgedQuotient[]): readonly Fault[] {
  return quotients.flatMap(({ quotient, matches: [best] }): readonly Fault[] => {
    if (quotient.id !== 'emissions-per-coal' || (best?.factors.length ?? 0) < 2) return []
    const { over, under } = quotient
    return [
      {
        code: 'mixed-bases',
        detail: `A tonne of the coal saved would emit ${short((quotient.low + quotient.high) / 2)} t of CO2, as no coal does: “${over.text}” and “${under.text}” are counted on unlike bases`,
        about: [over.text, under.text],
      },
    ]
  })
}

const validFrom = ({ factors: [factor] }: Family): string => factor?.valid.from ?? ''
/** A province is narrower than its grid, and that than the country. */
const narrowness = ({ factors: [factor] }: Family): number =>
  factor?.region?.includes('-') ? 2 : factor?.region?.includes('+') ? 1 : 0

const middle = ({ low, high }: Interval): number => (low + high) / 2
const distance = ({ value }: Family, quotient: Interval): number => Math.abs(value - middle(quotient))

function verdictOf(
  quotients: readonly JudgedQuotient[],
  shift: readonly ShiftSolution[],
  {
    conditions,
    faults,
    shifts,
  }: { readonly conditions: readonly string[]; readonly faults: readonly Fault[]; readonly shifts: boolean },
): Verdict {
  if (quotients.some(({ standing }) => standing === 'impossible')) return 'impossible'
  if (shifts && shift.length > 0 && shift.every(({ share }) => share !== undefined && share.low > 1))
    return 'not explained'
  if (quotients.length === 0 && shift.length === 0) return 'not explained'
  if (quotients.some(({ standing }) => standing === 'not explained')) return 'not explained'
  const grave = faults.some(({ code }) => code === 'unit' || code === 'period')
  if (grave) return 'not explained'
  const soft = faults.some(({ code }) => code === 'not-itemised')
  return conditions.length > 0 || soft ? 'consistent if' : 'consistent'
}

const assumptionWords: Readonly<Record<Assumption, string>> = {
  place: 'it is about',
  'other-place': 'the factor of another place was taken',
  'other-year': 'the factor of another year was taken',
  'fossil-power-only': 'only power from fossil fuels is displaced',
  marginal: 'the plants that new power displaces were taken, not the average of the grid',
  'traded-power-left-out': 'traded non-fossil power is left out of the average',
  'with-upstream': 'upstream emissions are counted too, though it speaks of what the power emits',
  'other-gas': 'CO2 is meant where CO2e is said, or the other way round',
  'no-official-source': 'a conversion without an official source was taken',
  calorific: 'coal is counted by the heat of the electricity',
  equivalent: 'coal is counted by what power plants burn for it',
  fuel: 'the fuel saved was',
  'vehicle-class': 'these vehicles are meant',
  period: 'both numbers are of the same time',
}

function conditionsOf(quotients: readonly JudgedQuotient[], shift: readonly ShiftSolution[]): readonly string[] {
  const ofQuotients = quotients.flatMap(({ quotient, standing, matches: [best] }) => {
    const own = quotient.assumptions.map((one) => `${quotient.id}: ${assumptionWords[one]}`)
    if (standing !== 'explained if' || !best) return own
    const words = best.assumptions.filter((one) => one !== 'place' && one !== 'fuel').map((one) => assumptionWords[one])
    const taken = `${quotient.id}: ${best.label}, ${short(best.value)} ${quotient.unit}`
    return [...own, [taken, ...words].join('; ')]
  })
  const [first] = shift
  if (!first) return ofQuotients
  const distances = shift.flatMap(({ distanceKm: { low, high } }) => [low, high])
  const { share } = first
  return [
    ...ofQuotients,
    share
      ? `a share of ${short(Math.min(...shift.map((one) => one.share?.low ?? 1)))} to ${short(Math.max(...shift.map((one) => one.share?.high ?? 1)))} really shifted, by the vehicles taken`
      : `the freight goes ${short(Math.min(...distances))} to ${short(Math.max(...distances))} km, by the vehicles taken, if all of it really shifted`,
  ]
}

/** What a tonne saves, over what a tonne-kilometre saves: a family of solutions, not one number. */
function solveShift({ stated }: Claim, shift: NonNullable<Claim['shift']>): readonly ShiftSolution[] {
  const find = (role: Stated['role']): Stated | undefined => stated.find((one) => one.role === role)
  const [saved, freight, way] = [find('emissions'), find('freight'), find('distance')]
  if (!saved || !freight) return []
  return shiftFamilies(shift).flatMap((family) => {
    if (family.value <= 0) return []
    const distanceKm = {
      low: saved.low / freight.high / family.value,
      high: saved.high / freight.low / family.value,
    }
    if (!way) return [{ family, distanceKm }]
    return [{ family, distanceKm, share: { low: distanceKm.low / way.high, high: distanceKm.high / way.low } }]
  })
}

/** CO2 that only a factor of CO2e, or one with upstream, explains. */
const boundaryFaults = (quotients: readonly JudgedQuotient[]): readonly Fault[] =>
  quotients.flatMap(({ quotient, matches: [best] }): readonly Fault[] => {
    const about = [quotient.over.text]
    if (best?.assumptions.includes('with-upstream')) {
      return [
        {
          code: 'boundary',
          detail: `“${quotient.over.text}” is explained only with emissions upstream of the plant`,
          about,
        },
      ]
    }
    if (best?.assumptions.includes('other-gas')) {
      return [
        {
          code: 'gas',
          detail: `“${quotient.over.text}” speaks of ${quotient.over.gas}; the factor that explains it does not`,
          about,
        },
      ]
    }
    return []
  })

function missingIn({ stated }: Claim, quotients: readonly JudgedQuotient[]): readonly string[] {
  const has = (...roles: Stated['role'][]): boolean => stated.some(({ role }) => roles.includes(role))
  const ids = new Set(quotients.map(({ quotient }) => quotient.id))
  return [
    ...(has('emissions') && !has('energy', 'coal', 'freight', 'transport', 'trees', 'vehicles')
      ? ['the activity behind the emissions: kilowatt-hours, tonnes of coal, tonne-kilometres']
      : []),
    ...(has('energy') && !has('capacity', 'area') ? ['the capacity or the area that gives the energy'] : []),
    ...(has('freight') && !has('distance', 'transport')
      ? ['the distance of the freight, and how much of it shifted']
      : []),
    ...(has('emissions') && !ids.has('emissions-per-energy') && has('energy')
      ? ['emissions and energy of the same time']
      : []),
    ...(has('emissions') ? ['the factor, with its year, place and boundary'] : []),
  ]
}
