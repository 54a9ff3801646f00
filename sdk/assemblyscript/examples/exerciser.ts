// Does what one of many cases asks for, by the two digits that it is given; the tests of the gateway hold plugins of every
// language to the same cases.
import * as host from "../assembly/host";

export { alloc } from "../assembly/plugin";

@external("wasi_snapshot_preview1", "random_get")
declare function randomGet(pointer: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "clock_time_get")
declare function clockTimeGet(clock: i32, precision: i64, pointer: usize): i32;
@external("wasi_snapshot_preview1", "fd_write")
declare function fdWrite(file: i32, vectors: usize, count: i32, written: usize): i32;
@external("wasi_snapshot_preview1", "environ_get")
declare function environGet(list: usize, texts: usize): i32;
@external("wasi_snapshot_preview1", "environ_sizes_get")
declare function environSizesGet(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "sched_yield")
declare function schedYield(): i32;
@external("wasi_snapshot_preview1", "proc_exit")
declare function procExit(code: i32): void;

const SIZE = 4000;
const BEYOND: usize = 0x7fff0000;
const buffer = new ArrayBuffer(SIZE);
let zero: i32 = 0;
let count: i32 = 0;

function at(bytes: ArrayBuffer): usize {
  return changetype<usize>(bytes);
}
function utf8(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}
function giveOut(read: (pointer: usize, length: i32) => i32): void {
  host.setOutput(at(buffer), read(at(buffer), SIZE));
}
function output(text: string): void {
  const bytes = utf8(text);
  host.setOutput(at(bytes), bytes.byteLength);
}
function again(depth: i32): i32 {
  return depth == zero - 1 ? 0 : again(depth + 1) + again(depth + 2);
}

function doCase(number: i32): i32 {
  const key = utf8("key");
  const value = utf8("value");
  const none = utf8("none");
  const hi = utf8("hi");
  const ip = utf8("ip");
  const empty = utf8("{}");
  const request = utf8('{"method":"GET","url":"https://a.example/"}');
  let code = 0;
  switch (number) {
    case 0: {
      output("first");
      output("second");
      return 0;
    }
    case 1:
      return <i32>host.bodyLength();
    case 2: {
      giveOut((pointer, size) => host.bodyRead(pointer, size));
      return <i32>host.bodyLength();
    }
    case 3:
    case 4: {
      const body = utf8("new");
      host.bodySet(at(body), body.byteLength);
      if (number == 4) host.bodyClear();
      return 0;
    }
    case 5: {
      for (let level = 0; level < 4; level++) host.log(level, at(hi), 2);
      return 0;
    }
    case 6: {
      host.contextSet(at(key), 3, at(value), 5);
      code = host.contextGet(at(key), 3);
      giveOut((pointer, size) => host.contextRead(pointer, size));
      return code;
    }
    case 7:
      return host.contextGet(at(none), 4);
    case 8:
      return <i32>host.clockNow();
    case 9:
      return <i32>host.timeNow();
    case 10:
      return <i32>host.unixTimestamp();
    case 11: {
      code = host.uuidGenerate();
      giveOut((pointer, size) => host.uuidRead(pointer, size));
      return code;
    }
    case 12: {
      const reference = utf8("env://TOKEN");
      code = host.secretGet(at(reference), reference.byteLength);
      giveOut((pointer, size) => host.secretRead(pointer, size));
      return code;
    }
    case 13: {
      const reference = utf8("env://HOME");
      return host.secretGet(at(reference), reference.byteLength);
    }
    case 14: {
      host.rateLimitCheck(at(ip), 2, 10, 60);
      giveOut((pointer, size) => host.rateLimitRead(pointer, size));
      return 0;
    }
    case 15:
      return host.rateLimitCheck(at(ip), 2, 0, 60);
    case 16: {
      const entry = utf8('{"n":7}');
      code = host.cacheSet(at(key), 3, at(entry), entry.byteLength, 60);
      host.cacheGet(at(key), 3);
      giveOut((pointer, size) => host.cacheRead(pointer, size));
      return code;
    }
    case 17: {
      host.cacheGet(at(none), 4);
      giveOut((pointer, size) => host.cacheRead(pointer, size));
      return 0;
    }
    case 18:
      return host.verifySignature(at(empty), 2);
    case 19: {
      const hits = utf8("hits");
      const labels = utf8('{"a":"b"}');
      host.counterIncrement(at(hits), 4, at(labels), labels.byteLength, 2);
      host.histogramObserve(at(hits), 4, at(hits), 0, 0.5);
      host.spanStart(at(key), 3);
      host.spanAttribute(at(key), 3, at(value), 5);
      host.spanEnd();
      return 0;
    }
    case 20: {
      host.kafkaPublish(at(empty), 2);
      giveOut((pointer, size) => host.brokerRead(pointer, size));
      return 0;
    }
    case 21: {
      host.natsPublish(at(empty), 2);
      giveOut((pointer, size) => host.brokerRead(pointer, size));
      return 0;
    }
    case 22: {
      const body = utf8("sent");
      host.httpBodySet(at(body), body.byteLength);
      host.httpCall(at(request), request.byteLength);
      host.httpRead(at(buffer), SIZE);
      code = <i32>host.httpBodyLength();
      giveOut((pointer, size) => host.httpBodyRead(pointer, size));
      return code;
    }
    case 23:
      return host.httpStream(at(request), request.byteLength);
    case 24: {
      const upgrade = utf8('{"url":"wss://a.example/"}');
      return host.wsUpgrade(at(upgrade), upgrade.byteLength);
    }
    case 25: {
      code = randomGet(at(buffer), 4);
      host.setOutput(at(buffer), 4);
      return code;
    }
    case 26: {
      clockTimeGet(0, 0, at(buffer));
      return <i32>(load<u64>(at(buffer)) / 1000000000);
    }
    case 27: {
      const text = utf8("written");
      store<u32>(at(buffer), <u32>at(text));
      store<u32>(at(buffer) + 4, 7);
      fdWrite(1, at(buffer), 1, at(buffer) + 8);
      environSizesGet(at(buffer) + 12, at(buffer) + 16);
      environGet(at(buffer) + 20, at(buffer) + 24);
      schedYield();
      procExit(1);
      return load<i32>(at(buffer) + 8) + load<i32>(at(buffer) + 12);
    }
    case 28: {
      let turn = 0;
      while (turn >= 0) turn = (turn + 1) & 0xff;
      return turn;
    }
    case 29: {
      while (host.bodyLength() < 100) continue;
      return 0;
    }
    case 30: {
      while (memory.grow(16) != -1) continue;
      return memory.size();
    }
    case 31: {
      host.setOutput(BEYOND, 1);
      return 0;
    }
    case 32: {
      host.setOutput(at(buffer), -1);
      return 0;
    }
    case 33: {
      host.uuidGenerate();
      return host.uuidRead(at(buffer), -1);
    }
    case 34: {
      host.uuidGenerate();
      return host.uuidRead(BEYOND, 36);
    }
    case 35:
      return unreachable();
    case 36:
      return again(0);
    case 37:
      return 1 / zero;
    case 38:
      return load<i32>(BEYOND);
    case 39:
      return ++count;
    case 98:
      return 3;
    default:
      return 0;
  }
}

function run(digits: usize): i32 {
  return doCase((load<u8>(digits) - 0x30) * 10 + load<u8>(digits, 1) - 0x30);
}

export function init(digits: usize, length: i32): i32 {
  return run(digits);
}
export function on_request(digits: usize, length: i32): i32 {
  return run(digits);
}
export function on_response(digits: usize, length: i32): i32 {
  return run(digits);
}
export function dispatch(digits: usize, length: i32): i32 {
  return run(digits);
}
