package network.tachi.oracle;

/**
 * Where the log ends.
 *
 * @param generation of the entries that come next, from 1
 * @param configVersion of the signer configuration whose key attests them, from 1
 * @param size the number of entries, so the next index
 */
record LogHead(long generation, long configVersion, long size) {
  LogHead {
    if (generation < 1 || configVersion < 1 || size < 0) {
      throw new IllegalArgumentException(
          "generation " + generation + ", configVersion " + configVersion + ", size " + size);
    }
  }
}
