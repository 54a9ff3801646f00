import type { AcceptHttp2 } from '../../http/index.ts'
import { ServerSession } from './server-session.ts'

/** Serves HTTP/2 on a connection whose client has agreed on it, or begins with its preface. */
export const acceptHttp2: AcceptHttp2 = (socket, scope) => new ServerSession(socket, scope)
