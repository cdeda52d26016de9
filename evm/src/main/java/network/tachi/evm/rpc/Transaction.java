package network.tachi.evm.rpc;

import java.math.BigInteger;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as a node gives it.
 *
 * @param hash its hash
 * @param type the EIP-2718 type
 * @param from the sender
 * @param to the receiver; null creates a contract
 * @param nonce the sender's nonce
 * @param value wei
 * @param input call data or init code
 * @param gasLimit units of gas
 * @param blockHash its block; null while it waits
 * @param blockNumber its block; null while it waits
 * @param transactionIndex its place in the block; null while it waits
 */
public record Transaction(
    Hash hash,
    int type,
    Address from,
    @Nullable Address to,
    long nonce,
    BigInteger value,
    Bytes input,
    long gasLimit,
    @Nullable Hash blockHash,
    @Nullable Long blockNumber,
    @Nullable Integer transactionIndex) {
  /** Whether it is in a block. */
  public boolean isMined() {
    return blockHash != null;
  }
}
