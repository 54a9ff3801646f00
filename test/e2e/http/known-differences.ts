const TARGET = 'a target that another reader could understand otherwise is refused'
const VERSION = 'only HTTP/1.0 and 1.1 are spoken'
const SPACES = 'there is one space between the parts of a request line'
const HOST = 'there is one host, and it is well-formed'
const LIMIT = 'a limit of the gateway'
const DISGUISE = 'a name with `_` is that of a field which matters, to services that know no difference'
const CODING = 'chunked is the only coding'
const UNASKED = 'node:http tells of the answer by what comes behind it, the gateway closes the connection'

/**
 * Where the gateway reads requests otherwise than `node:http` does in its strict mode, and why: it refuses more. Only a
 * change of protocols that nobody takes up is an answer here and the end of the connection there.
 */
export const requestDifferences: Readonly<Record<string, string>> = {
  'another authority than Host': TARGET,
  'another port than Host': TARGET,
  'a user in the authority': TARGET,
  'another scheme': TARGET,
  'an asterisk of GET': TARGET,
  'a fragment': TARGET,
  'a target that is too long': LIMIT,
  'no version': VERSION,
  'HTTP/0.9': VERSION,
  'HTTP/2.0': VERSION,
  RTSP: VERSION,
  ICE: VERSION,
  'two spaces behind the method': SPACES,
  'two spaces before the version': SPACES,
  'an empty Host': HOST,
  'two Host': HOST,
  'the same Host twice': HOST,
  'two Host in HTTP/1.0': HOST,
  'a list in Host': HOST,
  'a space in Host': HOST,
  'a path in Host': HOST,
  'a user in Host': HOST,
  'a port that is none': HOST,
  'fields that are too large': LIMIT,
  'fields that are too large by their names': LIMIT,
  'too many fields': LIMIT,
  Content_Length: DISGUISE,
  Transfer_Encoding: DISGUISE,
  X_Forwarded_For: DISGUISE,
  'Expect twice': 'a field that decides how a message is read comes once',
  'another coding before chunked': CODING,
  'a comma before chunked': CODING,
  'chunks in HTTP/1.0': 'HTTP/1.0 knows no codings',
  'nothing behind a refusal': 'what is refused is refused for another of these reasons',
  'an upgrade that is not taken up': 'a request to change protocols is a request like any other',
  'an upgrade with a body': 'a request to change protocols is a request like any other',
}

/** The same of answers. */
export const responseDifferences: Readonly<Record<string, string>> = {
  'bytes behind a length': UNASKED,
  'a body of 204': UNASKED,
  'a body of 304': UNASKED,
  'a body of the answer to HEAD': UNASKED,
  'another coding before chunked': CODING,
  'chunked twice': CODING,
  RTSP: VERSION,
  'HTTP/2.0': VERSION,
  'HTTP/0.9': VERSION,
  'too many fields': LIMIT,
}
