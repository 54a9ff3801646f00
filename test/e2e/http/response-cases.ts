/**
 * Bytes of a service, and what the gateway makes of them: `200 body` for an answer, `cut 200 body` for one that breaks off,
 * or the fault. Whether the connection is used again says whether what follows could be taken for another answer.
 */
export type ResponseCase = readonly [
  name: string,
  bytes: string,
  outcome: string,
  after: 'kept' | 'closed',
  options?: { readonly method?: string; readonly ends?: boolean },
]

const ok = (fields: string, body = '') => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`
const chunked = (body: string) => ok('Transfer-Encoding: chunked\r\n', body)
const BAD = 'unavailable'
const ENDS = { ends: true }
const HEAD = { method: 'HEAD' }

export const responseCases: readonly ResponseCase[] = [
  // Whole answers.
  ['a body by length', ok('Content-Length: 2\r\n', 'hi'), '200 hi', 'kept'],
  ['no body', ok('Content-Length: 0\r\n'), '200 ', 'kept'],
  ['a body by chunks', chunked('2\r\nhi\r\n1;a=b\r\n!\r\n0\r\n\r\n'), '200 hi!', 'kept'],
  ['fields behind chunks', chunked('2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n'), '200 hi', 'kept'],
  ['a body until the end', ok('', 'hello'), '200 hello', 'closed', ENDS],
  ['a body of nothing until the end', ok(''), '200 ', 'closed', ENDS],
  ['no reason', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi', '200 hi', 'kept'],
  ['no reason and no space', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi', '200 hi', 'kept'],
  [
    'a reason of many words',
    'HTTP/1.1 200 All is \xe9 well\r\nContent-Length: 2\r\n\r\nhi',
    '200 hi',
    'kept',
  ],
  ['a status that nobody knows', 'HTTP/1.1 299 X\r\nContent-Length: 2\r\n\r\nhi', '299 hi', 'kept'],
  ['a status of an error', 'HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno', '503 no', 'kept'],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', '204 ', 'kept'],
  ['304 with a length', 'HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n', '304 ', 'kept'],
  ['the answer to HEAD', ok('Content-Length: 9\r\n'), '200 ', 'kept', HEAD],
  ['the answer to HEAD with chunks', ok('Transfer-Encoding: chunked\r\n'), '200 ', 'kept', HEAD],
  [
    '100 before an answer',
    `HTTP/1.1 100 Continue\r\n\r\n${ok('Content-Length: 2\r\n', 'hi')}`,
    '200 hi',
    'kept',
  ],
  [
    '103 before an answer',
    `HTTP/1.1 103 Early\r\nLink: a\r\n\r\n${ok('Content-Length: 2\r\n', 'hi')}`,
    '200 hi',
    'kept',
  ],
  ['close', ok('Connection: close\r\nContent-Length: 2\r\n', 'hi'), '200 hi', 'closed'],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi', '200 hi', 'closed'],
  [
    'HTTP/1.0 that stays',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi',
    '200 hi',
    'kept',
  ],
  ['bytes above 0x7F', ok('X: \xe9\r\nContent-Length: 1\r\n', '\xff'), '200 \xff', 'kept'],
  // What is more than an answer.
  ['bytes behind a length', ok('Content-Length: 2\r\n', 'hi!'), '200 hi', 'closed'],
  [
    'an answer behind an answer',
    ok('Content-Length: 2\r\n', `hi${ok('Content-Length: 3\r\n', 'bad')}`),
    '200 hi',
    'closed',
  ],
  ['an answer behind chunks', chunked(`0\r\n\r\n${ok('Content-Length: 3\r\n', 'bad')}`), '200 ', 'closed'],
  ['a body of 204', 'HTTP/1.1 204 No Content\r\n\r\nhi', '204 ', 'closed'],
  ['a body of 304', 'HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\nhi', '304 ', 'closed'],
  ['a body of the answer to HEAD', ok('Content-Length: 2\r\n', 'hi'), '200 ', 'closed', HEAD],
  ['an empty line behind an answer', ok('Content-Length: 2\r\n', 'hi\r\n'), '200 hi', 'closed'],
  // What is less than an answer.
  ['nothing', '', BAD, 'closed', ENDS],
  ['a part of a head', 'HTTP/1.1 200 OK\r\nContent-Le', BAD, 'closed', ENDS],
  ['less than a length', ok('Content-Length: 9\r\n', 'hi'), 'cut 200 hi', 'closed', ENDS],
  ['no last chunk', chunked('2\r\nhi\r\n'), 'cut 200 hi', 'closed', ENDS],
  ['a part of a chunk', chunked('9\r\nhi'), 'cut 200 hi', 'closed', ENDS],
  ['no end of the last chunk', chunked('2\r\nhi\r\n0\r\n'), 'cut 200 hi', 'closed', ENDS],
  ['100 and nothing more', 'HTTP/1.1 100 Continue\r\n\r\n', BAD, 'closed', ENDS],
  // Framing of two readings.
  [
    'length and chunks',
    ok('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    BAD,
    'closed',
  ],
  [
    'chunks and length',
    ok('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
    BAD,
    'closed',
  ],
  ['two lengths', ok('Content-Length: 2\r\nContent-Length: 3\r\n', 'hi!'), BAD, 'closed'],
  ['the same length twice', ok('Content-Length: 2\r\nContent-Length: 2\r\n', 'hi'), BAD, 'closed'],
  ['lengths in a list', ok('Content-Length: 2, 2\r\n', 'hi'), BAD, 'closed'],
  ['a length below zero', ok('Content-Length: -2\r\n', 'hi'), BAD, 'closed'],
  ['a length with a plus', ok('Content-Length: +2\r\n', 'hi'), BAD, 'closed'],
  ['a length in hexadecimal', ok('Content-Length: 0x2\r\n', 'hi'), BAD, 'closed'],
  ['a length beyond 53 bits', ok('Content-Length: 9007199254740993\r\n', 'hi'), BAD, 'closed'],
  ['an empty length', ok('Content-Length:\r\n', 'hi'), BAD, 'closed'],
  ['another coding', ok('Transfer-Encoding: gzip\r\n', 'hi'), BAD, 'closed'],
  ['another coding before chunked', ok('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), BAD, 'closed'],
  [
    'chunked twice',
    ok('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    BAD,
    'closed',
  ],
  ['a vertical tab before chunked', ok('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'), BAD, 'closed'],
  // Broken lines.
  ['another protocol', 'ICY 200 OK\r\n\r\n', BAD, 'closed'],
  ['RTSP', 'RTSP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['HTTP/2.0', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['HTTP/0.9', 'HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['a page without a head', '<html>hi</html>', BAD, 'closed'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['a status of letters', 'HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['two spaces before the status', 'HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['a status line that ends in LF', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['a field that ends in LF', 'HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n', BAD, 'closed'],
  ['a field that ends in CR', 'HTTP/1.1 200 OK\r\nX: a\rContent-Length: 0\r\n\r\n', BAD, 'closed'],
  ['a folded field', ok('X: a\r\n b\r\nContent-Length: 0\r\n'), BAD, 'closed'],
  ['a space before a colon', ok('Content-Length : 0\r\n'), BAD, 'closed'],
  ['NUL in a value', ok('X: a\0b\r\nContent-Length: 0\r\n'), BAD, 'closed'],
  ['a control character in a value', ok('X: a\x01b\r\nContent-Length: 0\r\n'), BAD, 'closed'],
  ['fields that are too large', ok(`X: ${'a'.repeat(70_000)}\r\nContent-Length: 0\r\n`), BAD, 'closed'],
  ['too many fields', ok(`${'X: a\r\n'.repeat(201)}Content-Length: 0\r\n`), BAD, 'closed'],
  // Broken chunks: the head has gone by then.
  ['a size that is none', chunked('x\r\nhi\r\n0\r\n\r\n'), 'bad 200', 'closed'],
  ['a size with 0x', chunked('0x2\r\nhi\r\n0\r\n\r\n'), 'bad 200', 'closed'],
  ['a size with a minus', chunked('-2\r\nhi\r\n0\r\n\r\n'), 'bad 200', 'closed'],
  ['a size beyond 64 bits', chunked('10000000000000002\r\nhi\r\n0\r\n\r\n'), 'bad 200', 'closed'],
  ['a size that is too small', chunked('1\r\nhi\r\n0\r\n\r\n'), 'bad 200', 'closed'],
  ['a size line that ends in LF', chunked('2\nhi\r\n0\r\n\r\n'), 'bad 200', 'closed'],
  ['a chunk that ends in LF', chunked('2\r\nhi\n0\r\n\r\n'), 'bad 200', 'closed'],
  [
    'an extension that does not end',
    chunked(`2;${'a'.repeat(20_000)}\r\nhi\r\n0\r\n\r\n`),
    'bad 200',
    'closed',
  ],
  // Answers to what was not asked.
  [
    'another protocol than asked',
    'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\n',
    BAD,
    'closed',
  ],
  ['100 without an end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(40), BAD, 'closed'],
]
