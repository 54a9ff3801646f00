import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder that lives as long as the test that uses it: `await using folder = await temporaryFolder({ … })`. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
  /** Writes files by POSIX path. */
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => Promise<void>
}

export async function temporaryFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<TemporaryFolder> {
  // macOS keeps its temporary folder behind a link.
  const path = await realpath(await mkdtemp(join(tmpdir(), 'barbacane-test-')))
  const write: TemporaryFolder['write'] = async (entries) => {
    for (const [name, content] of Object.entries(entries)) {
      await mkdir(dirname(join(path, name)), { recursive: true })
      await writeFile(join(path, name), content)
    }
  }
  await write(files)
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
