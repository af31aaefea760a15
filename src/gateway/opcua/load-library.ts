export type OpcuaLibrary = typeof import('node-opcua-client')

let loading: Promise<OpcuaLibrary> | undefined

/**
 * The library sets `OPENSSL_CONF` while it reads a key and puts it back as it was: as the text "undefined" where it was not
 * there. Programs that this process starts would look for such a file.
 */
export function mendEnvironment(): void {
  if (process.env.OPENSSL_CONF === 'undefined') delete process.env.OPENSSL_CONF
}

/** Loads the library when the first gateway needs it: that takes most of a second. What it would print, figures and log tell. */
export function loadOpcua(): Promise<OpcuaLibrary> {
  loading ??= import('node-opcua-client').then((library) => {
    library.setWarningLogger(() => undefined)
    library.setErrorLogger(() => undefined)
    return library
  })
  return loading
}
