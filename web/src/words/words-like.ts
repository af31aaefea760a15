/** The same keys in another language. */
export type WordsLike<English> = { readonly [Key in keyof English]: string }
