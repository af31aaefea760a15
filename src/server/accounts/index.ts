// The door for who looks after accounts without a server.
export { type Accounts, type AccountsOptions, createAccounts, firstOrganisation, firstUser } from './accounts.ts'
export { type ProviderSettings, readProvider } from './provider-settings.ts'
export { type Grant, type Permission, permissions, type Role, roles } from './roles.ts'
export { createUserBook } from './user-book.ts'
