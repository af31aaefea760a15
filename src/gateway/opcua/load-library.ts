export type OpcuaLibrary = typeof import('node-opcua-client')

let loading: Promise<OpcuaLibrary> | undefined

/** Loads the library when the first gateway needs it: that takes most of a second. What it would print, figures and log tell. */
export function loadOpcua(): Promise<OpcuaLibrary> {
  loading ??= import('node-opcua-client').then((library) => {
    library.setWarningLogger(() => undefined)
    library.setErrorLogger(() => undefined)
    return library
  })
  return loading
}
