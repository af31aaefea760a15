import { short } from './faults.ts'
import type { ClaimOutput } from './schema.ts'

const verdictWords: Readonly<Record<ClaimOutput['verdict'], string>> = {
  consistent: 'consistent: its numbers fit each other and factors of its time and place',
  'consistent if': 'consistent if the following holds',
  'not explained': 'not explained',
  impossible: 'impossible',
}
/** Families that are named; the others are counted. */
const shown = 3

/** A checked claim for a terminal. */
export function describeClaim(output: ClaimOutput): string {
  const { verdict, conditions, understood, notUnderstood, quotients, shift, faults, missing } = output
  return [
    `Verdict: ${verdictWords[verdict]}`,
    ...(verdict === 'consistent if' ? conditions.map((one) => `  if ${one}`) : []),
    '',
    'Understood',
    ...understood.map(
      ({ text, role, low, high, unit, period }) =>
        `  ${text.padEnd(26)} ${role}${period === undefined ? '' : ` (${period})`}: ${short(low)} to ${short(high)} ${unit}`,
    ),
    ...(notUnderstood.length > 0 ? [`  not understood: ${notUnderstood.join(', ')}`] : []),
    ...(quotients.length > 0 ? ['', 'What it implies'] : []),
    ...quotients.flatMap(describeQuotient),
    ...(shift.length > 0 ? ['', 'Distances that would explain it'] : []),
    ...shift
      .slice(0, shown * 2)
      .map(
        ({ family, distanceKm, share }) =>
          `  ${short(distanceKm.low)} to ${short(distanceKm.high)} km${share ? `, a share of ${short(share.low)} to ${short(share.high)} of what is stated` : ''}: ${family.label}`,
      ),
    ...(faults.length > 0 ? ['', 'Faults'] : []),
    ...faults.map(({ code, detail }) => `  ${code}: ${detail}`),
    ...(missing.length > 0 ? ['', 'Missing'] : []),
    ...missing.map((one) => `  ${one}`),
  ].join('\n')
}

function describeQuotient({
  id,
  low,
  high,
  unit,
  standing,
  matches,
  nearest,
  official,
  bounds,
}: ClaimOutput['quotients'][number]) {
  const more = matches.length - shown
  const head = `  ${id}: ${short(low)} to ${short(high)} ${unit}, ${standing}`
  const known = matches.slice(0, shown).map(describeFamily)
  const unexplained = standing === 'not explained' || standing === 'impossible'
  return [
    head,
    ...(official && (official.value < low || official.value > high)
      ? [
          `    official there: ${describeFamily(official).trim()}; the claim is ${times(low / official.value, high / official.value)} of it`,
        ]
      : []),
    ...known,
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...(matches.length === 0 && nearest ? [`    nearest: ${describeFamily(nearest).trim()}`] : []),
    ...(bounds && unexplained ? [`    usually ${bounds.usual.map(short).join(' to ')}: ${bounds.why}`] : []),
  ]
}

const times = (low: number, high: number): string => `${short(low)} to ${short(high)} times`

function describeFamily({ label, value, factors }: ClaimOutput['shift'][number]['family']): string {
  const [first] = factors
  const source = first ? `, ${first.document}${first.verify === undefined ? '' : ' (to be verified)'}` : ''
  return `    ${short(value)} ${label}${source}`
}
