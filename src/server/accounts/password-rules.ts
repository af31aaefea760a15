import { commonWords } from './common-words.ts'
import { accountErrors } from './errors.ts'

export const passwordLength: readonly [least: number, most: number] = [12, 128]

/**
 * Length, and nothing that attackers try first; no rules of composition (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, V6.2).
 *
 * @param own words of this place and of this user, which are as easy to guess
 * @throws `accounts.bad-password`
 */
export function checkPassword(password: string, own: readonly string[] = []): void {
  const [least, most] = passwordLength
  const length = [...password].length
  if (length < least || length > most) {
    throw accountErrors.badPassword({
      detail: length < least ? 'The password is too short' : 'The password is too long',
      found: `${length} characters`,
      expected: `${least} to ${most} characters`,
    })
  }
  if (isCommon(password, own)) {
    throw accountErrors.badPassword({
      detail: 'The password is made of what is tried first: common words, names of this place, rows of keys, figures',
      expected: 'something that nobody else would choose, such as four words that do not belong together',
    })
  }
}

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qazwsxedcrfvtgbyhnujm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
  '1q2w3e4r5t6y7u8i9o0p',
]
const runs = rows.flatMap((row) => [row, [...row].reverse().join('')])
const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/**
 * Whether a password is at most two different common words with figures, signs and rows of keys around them. That covers the
 * commonest passwords of twelve characters and more, which are such joins: `password1234`, `qwertyuiop12`, `iloveyouforever`.
 */
export function isCommon(password: string, own: readonly string[] = []): boolean {
  const words = new Set([...commonWords, ...own.flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))])
  words.delete('')
  return fewWords(password.toLowerCase(), words, 2)
}

const spelt = (text: string): string => [...text].map((letter) => lookAlikes[letter] ?? letter).join('')

/** Whether a text is nothing but figures, signs, runs, repetitions and at most `most` different words. */
function fewWords(text: string, words: ReadonlySet<string>, most: number): boolean {
  const longest = Math.max(...[...words].map(({ length }) => length))
  const failed = new Set<string>()
  const from = (at: number, used: readonly string[]): boolean => {
    if (at === text.length) return true
    const key = `${at} ${used.join(' ')}`
    if (failed.has(key)) return false
    const free = freeLength(text, at)
    for (let length = free; length >= 1; length -= 1) if (from(at + length, used)) return true
    for (let length = Math.min(longest, text.length - at); length >= 3; length -= 1) {
      const piece = text.slice(at, at + length)
      const word = [piece, spelt(piece)].find((form) => words.has(form))
      if (word === undefined) continue
      const next = used.includes(word) ? used : [...used, word].toSorted()
      if (next.length <= most && from(at + length, next)) return true
    }
    failed.add(key)
    return false
  }
  return from(0, [])
}

/** How many characters from here cost an attacker nothing: figures and signs, one letter repeated, a run of three or more. */
function freeLength(text: string, at: number): number {
  const plain = /^[^\p{L}]+/u.exec(text.slice(at))?.[0].length ?? 0
  const repeated = /^(.{1,3}?)\1{2,}/u.exec(text.slice(at))?.[0].length ?? 0
  let run = 0
  for (let length = 3; at + length <= text.length; length += 1) {
    const piece = text.slice(at, at + length)
    if (!runs.some((row) => row.includes(piece))) break
    run = length
  }
  return Math.max(plain, repeated, run)
}
