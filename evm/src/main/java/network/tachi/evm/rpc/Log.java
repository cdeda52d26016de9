package network.tachi.evm.rpc;

import java.util.List;
import network.tachi.evm.AbiReader;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/**
 * A log of a mined transaction.
 *
 * @param address the contract that emitted it
 * @param topics up to four
 * @param data the members that are not indexed
 * @param blockNumber its block
 * @param blockHash its block
 * @param transactionHash its transaction
 * @param transactionIndex its transaction's place in the block
 * @param logIndex its place in the block
 * @param removed whether its block was undone
 * @param blockTimestamp seconds since 1970, if the node says it
 */
public record Log(
    Address address,
    List<Hash> topics,
    Bytes data,
    long blockNumber,
    Hash blockHash,
    Hash transactionHash,
    int transactionIndex,
    int logIndex,
    boolean removed,
    @Nullable Long blockTimestamp) {
  /** Copies the topics. */
  public Log {
    topics = List.copyOf(topics);
  }

  /** A reader of the data. */
  public AbiReader dataReader() {
    return AbiReader.of(data);
  }
}
