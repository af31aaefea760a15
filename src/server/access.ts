import type { Permission } from './accounts/roles.ts'

/**
 * Where the site stands that a request is about. `any`: the caller's own, whichever; the answer holds only these. `handler`: the
 * handler finds it, by the job or run that is named, and asks {@link Caller.demand}.
 */
export type SiteSource = `path.${string}` | `query.${string}` | `body.${string}` | 'any' | 'handler'

/** Who may call an endpoint. Every route says so, or does not compile. */
export type Access =
  /** Anybody. */
  | { readonly access: 'public'; readonly site?: undefined }
  /** Any credential that is valid: it asks about itself. */
  | { readonly access: 'identified'; readonly site?: undefined }
  /** A person with a session; `initial`: also while the password is one that the server made. */
  | { readonly access: 'signed-in'; readonly site?: undefined; readonly initial?: boolean }
  /** Who has the permission at the site. */
  | { readonly access: Permission; readonly site: SiteSource }

/** As the OpenAPI document tells it in `x-mangrove-access`. */
export interface DeclaredAccess {
  readonly access: Access['access']
  readonly site?: SiteSource
}

export const declaredAccess = ({ access, site }: Access): DeclaredAccess => ({
  access,
  ...(site === undefined ? {} : { site }),
})
