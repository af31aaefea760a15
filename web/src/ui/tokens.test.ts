import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Family, families } from './families.ts'
import { tones } from './tone.tsx'

type Triple = readonly [number, number, number]

/** Linear sRGB of OKLCH, after Björn Ottosson 2020, https://bottosson.github.io/posts/oklab/ */
function linearRgb(lightness: number, chroma: number, hueDeg: number): Triple {
  const hue = (hueDeg * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clip = (value: number): number => Math.min(1, Math.max(0, value))
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

const times = (matrix: readonly Triple[], [x, y, z]: Triple): Triple =>
  matrix.map(([a, b, c]) => Math.min(1, Math.max(0, a * x + b * y + c * z))) as unknown as Triple

/** Full dichromacy in linear sRGB: Machado, Oliveira, Fernandes 2009 (IEEE TVCG 15(6)), severity 1.0. */
const sights: Readonly<Record<string, readonly Triple[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
}

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const themes = ['light', 'dark', 'contrast'] as const
/** What stands between the braces of a theme. */
const blockOf = (theme: string): string => new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? ''

/** Tokens of a theme, as linear sRGB. */
const tokensOf = (block: string): ReadonlyMap<string, Triple> =>
  new Map(
    [...block.matchAll(/--([\w-]+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)/g)].map(([, name = '', l, c, h]) => [
      name,
      linearRgb(Number(l) / 100, Number(c), Number(h)),
    ]),
  )

const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b
/** Contrast ratio of WCAG 2.2. */
function contrast(a: Triple, b: Triple): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** How far two colours are apart for a pair of eyes. */
function distance(one: Triple, other: Triple, sight: readonly Triple[]): number {
  const [a, b] = [oklab(times(sight, one)), oklab(times(sight, other))]
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

const dataTokens = [1, 2, 3, 4, 5, 6].map((number) => `data-${number}`)

/** The table of hues: what a colour says everywhere, in degrees of OKLCH. */
const hues: Readonly<Record<Family | 'nature', readonly [number, number]>> = {
  ...{ solar: [74, 92], wind: [215, 240], hydro: [255, 268], battery: [284, 302], grid: [240, 262] },
  ...{ genset: [48, 74], ev: [325, 350], hydrogen: [185, 210], chp: [100, 122], nature: [130, 152] },
  // Heat is orange-red; its four parts differ by lightness.
  ...{ 'heat-pump': [15, 55], boiler: [15, 55], 'heat-store': [15, 55], 'heat-use': [15, 55] },
  // Of ink, like quiet parts of the grid.
  ...{ load: [150, 185], network: [0, 360], reserve: [0, 360] },
}

describe.each(themes.map((theme) => [theme, tokensOf(blockOf(theme))] as const))('colours, %s', (theme, tokens) => {
  const at = (name: string): Triple => tokens.get(name) ?? expect.fail(`no token ${name}`)

  it('has every token that light has', () => {
    expect([...tokens.keys()]).toEqual([...tokensOf(blockOf('light')).keys()])
  })

  it.each(
    [...['ink', 'ink-soft', 'ink-faint', 'accent'], ...tones].flatMap((ink) =>
      ['paper', 'surface', 'sunken'].map((ground) => [ink, ground] as const),
    ),
  )('%s is readable on %s (WCAG 2.2 AA, 4.5; in high contrast AAA, 7)', (ink, ground) => {
    expect(contrast(at(ink), at(ground))).toBeGreaterThanOrEqual(theme === 'contrast' ? 7 : 4.5)
  })

  it('letters on the accent and on its wash are readable (4.5)', () => {
    for (const ground of ['accent', 'accent-strong'])
      expect(contrast(at('accent-ink'), at(ground))).toBeGreaterThan(4.5)
    for (const ink of ['ink', 'ink-soft']) expect(contrast(at(ink), at('accent-wash')), ink).toBeGreaterThan(4.5)
  })

  it.each(['focus', 'line-control'])('%s can be seen around a thing (WCAG 2.2 AA 1.4.11, 3)', (line) => {
    for (const ground of ['paper', 'surface', 'sunken'])
      expect(contrast(at(line), at(ground)), ground).toBeGreaterThanOrEqual(3)
  })

  it.each(dataTokens)('%s of the palette for what is no source stands out (3)', (token) => {
    expect(contrast(at(token), at('paper'))).toBeGreaterThanOrEqual(3)
  })

  it.each(Object.keys(sights))('the palette for what is no source differs for eyes with %s', (sight) => {
    for (const [i, one] of dataTokens.entries())
      for (const other of dataTokens.slice(i + 1))
        expect(distance(at(one), at(other), sights[sight] ?? []), `${one} and ${other}`).toBeGreaterThan(0.13)
  })

  it.each([...families, 'nature'] as const)('%s keeps its hue', (name) => {
    const [, hue = '0'] = new RegExp(`--${name}: oklch\\([\\d.]+% [\\d.]+ ([\\d.]+)\\)`).exec(blockOf(theme)) ?? []
    const [low, high] = hues[name]
    expect(Number(hue)).toBeGreaterThanOrEqual(low)
    expect(Number(hue)).toBeLessThanOrEqual(high)
  })

  it.each(['critical', 'high', 'medium', 'low'])(
    'the mark of priority %s stands out from the page, and its number from it (3)',
    (priority) => {
      for (const ground of ['paper', 'surface', 'sunken', 'priority-ink'])
        expect(contrast(at(`priority-${priority}`), at(ground)), ground).toBeGreaterThanOrEqual(3)
    },
  )

  it('scopes of an inventory differ for all eyes, and stand out from the page (1.7)', () => {
    const scopes = ['scope-1', 'scope-2', 'scope-3']
    for (const [i, one] of scopes.entries()) {
      expect(contrast(at(one), at('paper')), one).toBeGreaterThanOrEqual(1.7)
      for (const other of scopes.slice(i + 1)) {
        for (const sight of Object.values(sights))
          expect(distance(at(one), at(other), sight), `${one} and ${other}`).toBeGreaterThan(0.1)
      }
    }
  })

  it.each(families)(
    '%s stands out from the page as a graphic (WCAG 2.2 AA, 3) or is outlined by its neighbours',
    (family) => {
      // Yellow on white cannot reach 3 and stay yellow: it is never drawn without its key, glyph or a line beside it.
      expect(contrast(at(family), at('paper'))).toBeGreaterThanOrEqual(
        family === 'solar' || family === 'wind' ? 1.5 : 3,
      )
    },
  )

  it.each(Object.keys(sights))('families differ for eyes with %s', (sight) => {
    const drawn = [...families, 'nature']
    for (const [i, one] of drawn.entries())
      for (const other of drawn.slice(i + 1))
        expect(distance(at(one), at(other), sights[sight] ?? []), `${one} and ${other}`).toBeGreaterThan(0.075)
  })
})
