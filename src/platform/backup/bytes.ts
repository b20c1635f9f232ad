/** Takes exact numbers of bytes from a stream of buffers of any size. */
export interface ByteReader {
  /** The next `count` bytes; undefined when fewer are left. */
  readonly take: (count: number) => Promise<Buffer | undefined>;
  /** Up to and with the next line feed; undefined when there is none within `limit` bytes. */
  readonly line: (limit: number) => Promise<Buffer | undefined>;
}

export function byteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const fill = async (count: number) => {
    const parts = [rest];
    let size = rest.length;
    while (size < count) {
      const { done, value } = await iterator.next();
      if (done) break;
      parts.push(value);
      size += value.length;
    }
    if (parts.length > 1) rest = Buffer.concat(parts);
    return rest.length >= count;
  };
  const cut = (count: number) => {
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  };
  return {
    take: async (count) => ((await fill(count)) ? cut(count) : undefined),
    line: async (limit) => {
      await fill(limit);
      const end = rest.subarray(0, limit).indexOf(0x0a);
      return end < 0 ? undefined : cut(end + 1);
    },
  };
}
