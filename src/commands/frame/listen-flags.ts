import { Flags } from '@oclif/core'

import { serveDefaults } from '../../runtime/index.ts'

/** Where a gateway listens: shared by every command that runs one. */
export const listenFlags = {
  listen: Flags.string({
    default: serveDefaults.listen,
    summary: 'Address of the public listener.',
    helpValue: 'HOST:PORT',
  }),
  'admin-bind': Flags.string({
    default: serveDefaults['admin-bind'],
    summary: 'Address of the admin listener, or `off`.',
    helpValue: 'HOST:PORT',
  }),
}
