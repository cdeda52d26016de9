package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.RlpWriter;
import org.jspecify.annotations.Nullable;

/**
 * A block's header as a node gives it, with the hash that the node claims.
 *
 * @param hash the claimed hash; {@link #verifyHash} checks it
 * @param parentHash the block before
 * @param ommersHash the hash of the uncles
 * @param beneficiary who gets the fees
 * @param stateRoot root of the state after the block
 * @param transactionsRoot root of the transactions
 * @param receiptsRoot root of the receipts
 * @param logsBloom 256 bytes
 * @param difficulty zero since the merge
 * @param number the block's number
 * @param gasLimit units of gas
 * @param gasUsed units of gas
 * @param timestamp seconds since 1970
 * @param extraData free bytes
 * @param mixHash randomness since the merge
 * @param nonce 8 bytes
 * @param baseFeePerGas wei; since London
 * @param withdrawalsRoot since Shanghai
 * @param blobGasUsed since Cancun
 * @param excessBlobGas since Cancun
 * @param parentBeaconBlockRoot since Cancun
 * @param requestsHash since Prague
 * @param unknownMembers names in the node's answer that are no part of any known header or block
 *     body
 */
public record BlockHeader(
    Hash hash,
    Hash parentHash,
    Hash ommersHash,
    Address beneficiary,
    Hash stateRoot,
    Hash transactionsRoot,
    Hash receiptsRoot,
    Bytes logsBloom,
    BigInteger difficulty,
    long number,
    long gasLimit,
    long gasUsed,
    long timestamp,
    Bytes extraData,
    Hash mixHash,
    Bytes nonce,
    @Nullable BigInteger baseFeePerGas,
    @Nullable Hash withdrawalsRoot,
    @Nullable Long blobGasUsed,
    @Nullable Long excessBlobGas,
    @Nullable Hash parentBeaconBlockRoot,
    @Nullable Hash requestsHash,
    Set<String> unknownMembers) {
  /** Copies the names. */
  public BlockHeader {
    unknownMembers = Set.copyOf(unknownMembers);
  }

  /** What recomputing the hash says about the claimed one. */
  public enum HashCheck {
    /** It is the hash of the fields. */
    MATCH,
    /** It is not, and the header has no unknown fields: the node lies or is broken. */
    MISMATCH,
    /** The header has fields that are not known here, or lacks one before others. */
    UNVERIFIABLE
  }

  /** Compares the claimed hash with that of the fields. */
  public HashCheck verifyHash() {
    Optional<Hash> computed = computeHash();
    if (computed.isEmpty()) {
      return HashCheck.UNVERIFIABLE;
    }
    if (computed.get().equals(hash)) {
      return HashCheck.MATCH;
    }
    return unknownMembers.isEmpty() ? HashCheck.MISMATCH : HashCheck.UNVERIFIABLE;
  }

  /**
   * Keccak-256 of the RLP of the fields, for Ethereum and the OP stack up to the 21 fields of
   * Prague; empty if an optional field is missing before one that is there, as no known header has
   * that.
   */
  public Optional<Hash> computeHash() {
    RlpWriter writer =
        new RlpWriter()
            .beginList()
            .hash(parentHash)
            .hash(ommersHash)
            .address(beneficiary)
            .hash(stateRoot)
            .hash(transactionsRoot)
            .hash(receiptsRoot)
            .bytes(logsBloom)
            .uint(difficulty)
            .uint(number)
            .uint(gasLimit)
            .uint(gasUsed)
            .uint(timestamp)
            .bytes(extraData)
            .hash(mixHash)
            .bytes(nonce);
    @Nullable Object[] later = {
      baseFeePerGas,
      withdrawalsRoot,
      blobGasUsed,
      excessBlobGas,
      parentBeaconBlockRoot,
      requestsHash
    };
    int count = (int) Arrays.stream(later).takeWhile(Objects::nonNull).count();
    if (Arrays.stream(later).skip(count).anyMatch(Objects::nonNull)) {
      return Optional.empty();
    }
    for (int i = 0; i < count; i++) {
      switch (later[i]) {
        case BigInteger value -> writer.uint(value);
        case Long value -> writer.uint(value);
        case Hash value -> writer.hash(value);
        case null, default -> throw new IllegalStateException("unexpected header field " + i);
      }
    }
    return Optional.of(writer.endList().keccak());
  }
}
