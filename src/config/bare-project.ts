import type { Project } from './load-project.ts'
import { emptyLock } from './lock/lock.ts'

/** The project of a description that belongs to none: no plugins, nothing said of rules. */
export function bareProject(root: string): Project {
  return {
    root,
    manifestPath: 'barbacane.yaml',
    manifestBytes: Buffer.from('version: 1\n'),
    specs: [],
    plugins: new Map(),
    overlays: [],
    ruleSettings: [],
    lock: emptyLock('barbacane.yaml'),
  }
}
