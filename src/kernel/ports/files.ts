/** Read-only view of files, rooted where the site file stands. */
export interface Files {
  /** @throws `kernel.file-not-found` when there is no such file. */
  readText(path: string): Promise<string>
}
