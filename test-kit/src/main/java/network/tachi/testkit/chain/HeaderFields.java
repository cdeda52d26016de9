package network.tachi.testkit.chain;

import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.RlpWriter;
import org.jspecify.annotations.Nullable;

/**
 * A header's fields in the order of its RLP; those that came later are null where a chain has not
 * got them yet. Written apart from {@code evm}'s, so that one checks the other.
 */
record HeaderFields(
    Hash parentHash,
    Hash ommersHash,
    Address beneficiary,
    Hash stateRoot,
    Hash transactionsRoot,
    Hash receiptsRoot,
    Bytes logsBloom,
    long difficulty,
    long number,
    long gasLimit,
    long gasUsed,
    long timestamp,
    Bytes extraData,
    Hash mixHash,
    Bytes nonce,
    @Nullable Long baseFeePerGas,
    @Nullable Hash withdrawalsRoot,
    @Nullable Long blobGasUsed,
    @Nullable Long excessBlobGas,
    @Nullable Hash parentBeaconBlockRoot,
    @Nullable Hash requestsHash,
    @Nullable Hash blockAccessListHash,
    @Nullable Long slotNumber) {
  private static final List<BiConsumer<HeaderFields, RlpWriter>> LATER =
      List.of(
          (h, out) -> out.uint(Objects.requireNonNull(h.baseFeePerGas)),
          (h, out) -> out.hash(Objects.requireNonNull(h.withdrawalsRoot)),
          (h, out) -> out.uint(Objects.requireNonNull(h.blobGasUsed)),
          (h, out) -> out.uint(Objects.requireNonNull(h.excessBlobGas)),
          (h, out) -> out.hash(Objects.requireNonNull(h.parentBeaconBlockRoot)),
          (h, out) -> out.hash(Objects.requireNonNull(h.requestsHash)),
          (h, out) -> out.hash(Objects.requireNonNull(h.blockAccessListHash)),
          (h, out) -> out.uint(Objects.requireNonNull(h.slotNumber)));

  private static final int FIRST = 15;

  /** The RLP of the first so many fields, 15 to 23. */
  byte[] rlp(int fields) {
    RlpWriter out =
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
    LATER.subList(0, fields - FIRST).forEach(field -> field.accept(this, out));
    return out.endList().toBytes();
  }
}
