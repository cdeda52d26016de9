package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.RlpWriter;
import org.jspecify.annotations.Nullable;

/**
 * A receipt of a mined transaction.
 *
 * @param type the EIP-2718 type; 0 for the first form, 0x7e for a deposit of the OP stack
 * @param transactionHash its transaction
 * @param transactionIndex its transaction's place in the block
 * @param blockHash its block
 * @param blockNumber its block
 * @param from the sender
 * @param to the receiver; null if a contract was created
 * @param contractAddress the contract created, if one was
 * @param success whether the transaction did not revert
 * @param gasUsed gas of this transaction
 * @param cumulativeGasUsed gas of the block up to this transaction
 * @param effectiveGasPrice wei; zero where the node gives none
 * @param logsBloom 256 bytes
 * @param logs its logs
 * @param depositNonce the nonce of a deposit, if it is one
 * @param depositReceiptVersion 1 for deposits since Canyon
 */
public record Receipt(
    int type,
    Hash transactionHash,
    int transactionIndex,
    Hash blockHash,
    long blockNumber,
    Address from,
    @Nullable Address to,
    @Nullable Address contractAddress,
    boolean success,
    long gasUsed,
    long cumulativeGasUsed,
    BigInteger effectiveGasPrice,
    Bytes logsBloom,
    List<Log> logs,
    @Nullable Long depositNonce,
    @Nullable Long depositReceiptVersion) {
  /** The EIP-2718 type of a deposit of the OP stack. */
  public static final int DEPOSIT = 0x7e;

  /** Copies the logs. */
  public Receipt {
    logs = List.copyOf(logs);
  }

  /**
   * The bytes that stand in the block's receipts trie: the type, if not 0, and the RLP of what
   * consensus covers. Deposits before Canyon have no version, and then their nonce, though nodes
   * give it, is not covered.
   */
  public byte[] consensusBytes() {
    RlpWriter writer = new RlpWriter();
    if (type != 0) {
      writer.encoded(new byte[] {(byte) type});
    }
    writer.beginList().uint(success ? 1 : 0).uint(cumulativeGasUsed).bytes(logsBloom).beginList();
    for (Log log : logs) {
      writer.beginList().address(log.address()).beginList();
      log.topics().forEach(writer::hash);
      writer.endList().bytes(log.data()).endList();
    }
    writer.endList();
    if (type == DEPOSIT && depositNonce != null && depositReceiptVersion != null) {
      writer.uint(depositNonce).uint(depositReceiptVersion);
    }
    return writer.endList().toBytes();
  }
}
