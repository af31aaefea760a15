/** Units of the house that UCUM writes in another way; `kW`, `m`, `bar`, `h` … are the same. */
const toUcumAtom: Readonly<Record<string, string>> = {
  ppm: '[ppm]',
  nmi: '[nmi_i]',
  ha: 'har',
  day: 'd',
  month: 'mo',
  year: 'a',
  kn: '[kn_i]',
  Btu: '[Btu_IT]',
  Wp: 'W',
  degC: 'Cel',
  '°C': 'Cel',
  '°': 'deg',
}

const same: ReadonlySet<string> = new Set(
  [
    '1',
    '%',
    'm',
    'km',
    'cm',
    'L',
    'l',
    'g',
    't',
    's',
    'min',
    'h',
    'd',
    'a',
    'Hz',
    'A',
    'V',
    'N',
    'Pa',
    'bar',
    'J',
  ].concat(['W', 'K', 'rad', 'deg']),
)
const prefixed = /^([TGMkmuµ])(m|L|l|g|t|s|Hz|A|V|N|Pa|bar|J|W|Wp)$/
const tokenPattern = /([kMGTmµu]?[gt]CO2e?)|([A-Za-zµ°%]+|1)|\^?([+-]?\d+)|([·*/()])/gy

/**
 * The UCUM code of a unit text of the house (The Unified Code for Units of Measure, 2.1): `kWh` is `kW.h`, `degC` is `Cel`.
 * Undefined for what UCUM has no code for: currencies, tonnes of coal equivalent.
 */
export function toUcum(unit: string): string | undefined {
  const plain = unit.trim().replaceAll('²', '2').replaceAll('³', '3').replaceAll(' ', '')
  const parts: string[] = []
  let end = 0
  for (const match of plain.matchAll(tokenPattern)) {
    end = match.index + match[0].length
    const [, gas, atom, power, sign] = match
    const before = parts.at(-1)
    if (power !== undefined) {
      // A unit of two parts, such as kW.h, has no power.
      if (before === undefined || before.includes('.') || !/[\w\]}%]$/.test(before)) return undefined
      parts.push(power.replace(/^\+/, ''))
      continue
    }
    if (sign !== undefined) {
      parts.push(sign === '·' || sign === '*' ? '.' : sign)
      continue
    }
    const code = gas === undefined ? atomCode(atom ?? '') : gasCode(gas)
    if (code === undefined) return undefined
    if (before !== undefined && !/[./(]$/.test(before)) parts.push('.')
    parts.push(before === '/' && code.includes('.') ? `(${code})` : code)
  }
  return end === plain.length && parts.length > 0 ? parts.join('') : undefined
}

function atomCode(atom: string): string | undefined {
  if (Object.hasOwn(toUcumAtom, atom)) return toUcumAtom[atom]
  if (same.has(atom)) return atom
  const hours = /^([kMGT]?)(Wh|VA|varh|var)$/.exec(atom)
  if (hours) {
    const [, prefix = '', name = ''] = hours
    return { Wh: `${prefix}W.h`, VA: `${prefix}V.A`, var: `${prefix}V.A{reactive}`, varh: `${prefix}V.A{reactive}.h` }[
      name
    ]
  }
  const [, prefix, base] = prefixed.exec(atom) ?? []
  return prefix === undefined || base === undefined
    ? undefined
    : `${prefix === 'µ' ? 'u' : prefix}${base === 'Wp' ? 'W' : base}`
}

const gasCode = (gas: string): string => {
  const [, mass = '', name = ''] = /^(.*[gt])(CO2e?)$/.exec(gas) ?? []
  return `${mass.replace('µ', 'u')}{${name}}`
}

const fromUcumAtom: readonly (readonly [RegExp, string])[] = [
  [/\[ppm\]/g, 'ppm'],
  [/\[nmi_i\]/g, 'nmi'],
  [/\[kn_i\]/g, 'kn'],
  [/\[Btu_IT\]/g, 'Btu'],
  [/\bhar\b/g, 'ha'],
  [/\bmo\b/g, 'month'],
  [/\bCel\b/g, 'degC'],
  [/([kMGT]?)V\.A\{reactive\}\.h/g, '$1varh'],
  [/([kMGT]?)V\.A\{reactive\}/g, '$1var'],
  [/([kMGT]?)V\.A\b/g, '$1VA'],
  [/([kMGT]?)W\.h\b/g, '$1Wh'],
  [/\{(CO2e?)\}/g, '$1'],
  [/\./g, '·'],
]

/** A UCUM code as the house would write it; whether that is a unit is seen where it is read. */
export const fromUcum = (code: string): string =>
  fromUcumAtom.reduce((text, [pattern, ours]) => text.replace(pattern, ours), code.trim())

/** Address of the unit at the OGC naming authority; null for what UCUM has no code for. */
export const ucumDefinition = (code: string | undefined): string | null =>
  code === undefined ? null : `http://www.opengis.net/def/uom/UCUM/0/${encodeURIComponent(code)}`
