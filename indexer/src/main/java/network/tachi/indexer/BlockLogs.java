package network.tachi.indexer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Log;

/*
 * The compact form, with every number as an unsigned LEB128 of up to 31 bits unless another size is
 * given:
 *
 *   version (1 byte, 1), proof (1 byte), number of transactions, and for each of these
 *     its index, less that of the one before; its hash (32 bytes); number of logs; for each of those
 *       its index, less that of the log before; its contract; number of topics (1 byte);
 *       the first topic, if any, as a name; the others as words; number of bytes of data; the data
 *
 * A contract and a first topic are given as the number of their first mention, or as the next free
 * number and then their bytes. A word is a count (1 byte) of its last bytes, the others being zero,
 * and those bytes. Data is written as words, and what is left behind the last whole word as it is.
 */
/**
 * The logs of followed contracts in one block, in the compact form that the store keeps of them.
 *
 * @param verifiedBy how they were proven
 * @param logs in the order of the block
 */
record BlockLogs(VerifiedBy verifiedBy, List<Log> logs) {
  private static final int VERSION = 1;

  BlockLogs {
    logs = List.copyOf(logs);
  }

  /** The compact form; the block itself is not in it. */
  Bytes encode() {
    CompactWriter out = new CompactWriter();
    out.octet(VERSION).octet(verifiedBy.code());
    Map<Address, Integer> contracts = new HashMap<>();
    Map<Hash, Integer> topics = new HashMap<>();
    out.number(transactions());
    int transaction = 0;
    int index = 0;
    for (int start = 0; start < logs.size(); ) {
      Log first = logs.get(start);
      int end = endOfTransaction(start);
      out.number(first.transactionIndex() - transaction).hash(first.transactionHash());
      transaction = first.transactionIndex();
      out.number(end - start);
      for (Log log : logs.subList(start, end)) {
        out.number(log.logIndex() - index);
        index = log.logIndex();
        if (out.mention(contracts, log.address())) {
          out.address(log.address());
        }
        writeTopics(out, topics, log.topics());
        out.number(log.data().size()).data(log.data());
      }
      start = end;
    }
    return out.toBytes();
  }

  private static void writeTopics(CompactWriter out, Map<Hash, Integer> known, List<Hash> topics) {
    out.octet(topics.size());
    for (int i = 0; i < topics.size(); i++) {
      if (i > 0) {
        out.word(topics.get(i));
      } else if (out.mention(known, topics.getFirst())) {
        out.hash(topics.getFirst());
      }
    }
  }

  private int transactions() {
    int count = 0;
    for (int start = 0; start < logs.size(); start = endOfTransaction(start)) {
      count++;
    }
    return count;
  }

  private int endOfTransaction(int start) {
    int end = start + 1;
    while (end < logs.size()
        && logs.get(end).transactionIndex() == logs.get(start).transactionIndex()) {
      end++;
    }
    return end;
  }

  /**
   * Reads the compact form.
   *
   * @param block where the logs are
   * @throws CorruptLogsException if the bytes are not what this class writes
   */
  static BlockLogs decode(BlockId block, Bytes bytes) {
    CompactReader in = new CompactReader(block, bytes);
    in.expect("version", VERSION, in.octet());
    VerifiedBy verifiedBy = verifiedBy(in);
    List<Address> contracts = new ArrayList<>();
    List<Hash> names = new ArrayList<>();
    List<Log> logs = new ArrayList<>();
    int transaction = 0;
    int index = 0;
    for (int left = in.count(); left > 0; left--) {
      transaction += in.number();
      Hash hash = in.hash();
      for (int more = in.count(); more > 0; more--) {
        index += in.number();
        Address contract = in.mention(contracts, in::address);
        List<Hash> topics = readTopics(in, names);
        Bytes data = in.data(in.count());
        logs.add(
            new Log(
                contract,
                topics,
                data,
                block.number(),
                block.hash(),
                hash,
                transaction,
                index,
                false,
                null));
      }
    }
    in.requireEnd();
    return new BlockLogs(verifiedBy, logs);
  }

  private static VerifiedBy verifiedBy(CompactReader in) {
    int code = in.octet();
    for (VerifiedBy candidate : VerifiedBy.values()) {
      if (candidate.code() == code) {
        return candidate;
      }
    }
    throw in.corrupt("a known proof", code);
  }

  private static List<Hash> readTopics(CompactReader in, List<Hash> names) {
    int count = in.octet();
    if (count > 4) {
      throw in.corrupt("at most 4 topics", count);
    }
    Hash[] topics = new Hash[count];
    for (int i = 0; i < count; i++) {
      topics[i] = i == 0 ? in.mention(names, in::hash) : in.word();
    }
    return List.of(topics);
  }
}
