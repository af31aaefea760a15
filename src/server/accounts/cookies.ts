/** How the cookie of a session is sent. */
export interface CookieOptions {
  /** True unless the page is read from loopback without TLS. */
  readonly secure: boolean
  readonly maxAgeSeconds: number
}

/** `__Host-` makes browsers insist on Secure, the path `/` and no Domain (RFC 6265bis). */
export const sessionCookieName = (secure: boolean): string => (secure ? '__Host-mangrove' : 'mangrove')

/** Value of Set-Cookie; an age of 0 takes the cookie away. */
export const sessionCookie = (value: string, { secure, maxAgeSeconds }: CookieOptions): string =>
  [
    `${sessionCookieName(secure)}=${value}`,
    'Path=/',
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
  ].join('; ')

/** The value of a cookie in a Cookie header. A name that stands there twice is not believed. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return values.length === 1 ? values[0] : undefined
}
