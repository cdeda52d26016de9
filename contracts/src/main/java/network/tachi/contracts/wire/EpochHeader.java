package network.tachi.contracts.wire;

import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.WordBuffer;

/**
 * The chain-neutral header that the root signers sign (wire.md section 3). The {@code long} numbers
 * are unsigned.
 *
 * @param epoch counts from 1
 * @param generation of the ledger at posting
 * @param prevHeaderHash hash of the header before; the deployment id for epoch 1
 * @param configDigest the signer configuration
 * @param bodyHash hash of the body
 */
public record EpochHeader(
    long epoch, long generation, Hash prevHeaderHash, Hash configDigest, Hash bodyHash) {
  /** The EIP-712 type hash. */
  public static final Hash TYPE_HASH =
      Eip712.typeHash(
          "EpochHeader(uint64 epoch,uint64 generation,bytes32 prevHeaderHash,"
              + "bytes32 configDigest,bytes32 bodyHash)");

  /** The number of words of the ABI encoding. */
  public static final int WORDS = 5;

  /** The {@code headerHash}. */
  public Hash structHash() {
    return writeTo(WordBuffer.struct(TYPE_HASH, WORDS)).keccak();
  }

  /** What the root signers sign. */
  public Hash digest(WireDomain.Header domain) {
    return Eip712.digest(domain.separator(), structHash());
  }

  /** Writes the {@link #WORDS} words of {@code abi.encode} to a buffer. */
  public WordBuffer writeTo(WordBuffer words) {
    return words
        .uint64(epoch)
        .uint64(generation)
        .hash(prevHeaderHash)
        .hash(configDigest)
        .hash(bodyHash);
  }
}
