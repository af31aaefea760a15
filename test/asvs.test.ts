import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './command.ts'

interface Requirement {
  readonly id: string
  readonly note: string
  readonly tests?: readonly { readonly file: string; readonly title: string }[]
  readonly reason?: string
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const { requirements } = JSON.parse(read('docs/security/asvs.json')) as {
  readonly requirements: readonly Requirement[]
}

/** How many requirements of level 1 each section of OWASP ASVS 5.0.0 begins with, and those that stand alone. */
const levelOne: readonly string[] = [
  ...['1.2.1', '1.2.2', '1.2.3', '1.2.4', '1.2.5', '1.3.1', '1.3.2', '1.5.1', '2.1.1', '2.2.1', '2.2.2', '2.3.1'],
  ...['3.2.1', '3.2.2', '3.3.1', '3.4.1', '3.4.2', '3.5.1', '3.5.2', '3.5.3', '4.1.1', '4.4.1'],
  ...['5.2.1', '5.2.2', '5.3.1', '5.3.2', '6.1.1', '6.2.1', '6.2.2', '6.2.3', '6.2.4', '6.2.5', '6.2.6', '6.2.7'],
  ...['6.2.8', '6.3.1', '6.3.2', '6.4.1', '6.4.2', '7.2.1', '7.2.2', '7.2.3', '7.2.4', '7.4.1', '7.4.2'],
  ...['8.1.1', '8.2.1', '8.2.2', '8.3.1', '9.1.1', '9.1.2', '9.1.3', '9.2.1'],
  ...['10.4.1', '10.4.2', '10.4.3', '10.4.4', '10.4.5', '11.3.1', '11.3.2', '11.4.1', '12.1.1', '12.2.1', '12.2.2'],
  ...['13.4.1', '14.2.1', '14.3.1', '15.1.1', '15.2.1', '15.3.1'],
].map((id) => `V${id}`)

describe('OWASP ASVS 5.0.0, level 1', () => {
  it('has each of its 70 requirements answered once', () => {
    expect(levelOne).toHaveLength(70)
    expect(requirements.map(({ id }) => id)).toEqual(levelOne)
  })

  it.each(requirements.map((requirement) => [requirement.id, requirement] as const))(
    '%s is proven by tests that exist, or says why there are none',
    (_, { note, tests = [], reason = '' }) => {
      expect(note).toMatch(/\S{3}/)
      expect(tests.length > 0 || reason.length > 20).toBe(true)
      for (const { file, title } of tests) {
        expect(existsSync(join(root, file)), file).toBe(true)
        const quoted = ["'", '"', '`'].map((quote) => `${quote}${title}${quote}`)
        const text = read(file)
        expect(
          quoted.some((found) => text.includes(found)),
          `${file} has no test “${title}”`,
        ).toBe(true)
        // A test that is always skipped proves nothing.
        expect(text, file).not.toMatch(/\b(it|test|describe)\.(skip|todo|only)\(/)
      }
    },
  )
})

/** What runs in the product: server, command line and console, without tests. */
const sources = ['src', 'web/src']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => /\.tsx?$/.test(name) && !/\.(test|fixture|soak)\.tsx?$/.test(name))
const matching = (pattern: RegExp, within = sources): readonly string[] =>
  within.filter((name) => pattern.test(read(name)))

describe('the source', () => {
  it('is all there', () => {
    expect(sources.length).toBeGreaterThan(300)
    expect(matching(/createHash\(/).length).toBeGreaterThan(0)
  })

  it('writes no HTML by hand and runs no text as a program', () => {
    expect(matching(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|node:vm/)).toEqual(
      [],
    )
  })

  it('starts no program', () => {
    expect(matching(/child_process/)).toEqual([])
  })

  it('reads no XML', () => {
    expect(matching(/DOMParser|xml2js|fast-xml|libxml|sax\b.*from/)).toEqual([])
  })

  it('uses no cipher, and no hash that is broken', () => {
    expect(matching(/createCipher|createDecipher|publicEncrypt|privateDecrypt|createSign\(/)).toEqual([])
    expect(matching(/create(Hash|Hmac)\(\s*['"](?!sha256|sha384|sha512)/)).toEqual([])
    expect(
      matching(
        /Math\.random\(/,
        sources.filter((name) => name.startsWith('src/server/')),
      ),
    ).toEqual([])
  })

  it('encodes what it puts into addresses', () => {
    const asking = sources.filter((name) => name.startsWith('web/src/'))
    const addresses = asking.flatMap((name) => read(name).match(/`\/api\/[^`]*`/g) ?? [])
    expect(addresses.length).toBeGreaterThan(2)
    for (const address of addresses) {
      for (const [, part = ''] of address.matchAll(/\$\{([^}]*)\}/g)) {
        // A query is a URLSearchParams; an id of an engine is a word of ours.
        expect(part, address).toMatch(/^(encodeURIComponent\(.*|new URLSearchParams\(.*|query|id)$/)
      }
    }
  })

  it('asks for no hint and no secret question', () => {
    expect(matching(/securityQuestion|secretQuestion|passwordHint/i)).toEqual([])
  })
})

describe('the documents', () => {
  it('tells how guessing is slowed down', () => {
    const guide = read('docs/guides/access.md')
    for (const told of ['20 a minute', 'five wrong', 'at most a minute', 'locked out']) expect(guide).toContain(told)
  })

  it('says how soon weak packages are replaced', () => {
    expect(read('SECURITY.md')).toMatch(/within \w+ days/)
    expect(read('SECURITY.md')).toContain('package-lock.json')
  })

  it('pins every package by its hash', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>
    }
    const loose = Object.entries(packages).filter(
      ([path, { integrity, link }]) => path.startsWith('node_modules/') && !link && integrity === undefined,
    )
    expect(loose.map(([path]) => path)).toEqual([])
  })
})
