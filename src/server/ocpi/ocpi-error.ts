/** What a party is told, in the words of OCPI 2.2.1 (5): a status code beside that of HTTP. */
export class OcpiError extends Error {
  readonly httpStatus: number
  readonly statusCode: number

  constructor(httpStatus: number, statusCode: number, message: string) {
    super(message)
    this.httpStatus = httpStatus
    this.statusCode = statusCode
  }
}

export const unauthorised = (): OcpiError => new OcpiError(401, 2000, 'The token is missing or not known')
export const invalid = (message: string, httpStatus = 400): OcpiError => new OcpiError(httpStatus, 2001, message)
export const notThere = (what: string, statusCode = 2003): OcpiError =>
  new OcpiError(404, statusCode, `There is no such ${what}`)
export const notAllowed = (message: string): OcpiError => new OcpiError(405, 2000, message)
