package network.tachi.contracts.call;

import java.math.BigInteger;
import java.util.List;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/** The structs of wire.md as ABI values. */
final class WireAbi {
  private WireAbi() {}

  /** A {@code uint64} from all 64 bits. */
  static AbiValue uint64(long bits) {
    return bits >= 0
        ? Abi.uint(64, bits)
        : Abi.uint(64, new BigInteger(Long.toUnsignedString(bits)));
  }

  /** A {@code uint128} of atomic units. */
  static AbiValue uint128(UsdcAmount amount) {
    return new AbiValue.Word("uint128", amount.toWord());
  }

  /** A {@code uint32} from all 32 bits. */
  static AbiValue uint32(int bits) {
    return Abi.uint(32, Integer.toUnsignedLong(bits));
  }

  static AbiValue attestation(UsageAttestation a) {
    return Abi.tuple(
        uint64(a.generation()),
        uint64(a.logIndex()),
        uint64(a.configVersion()),
        Abi.uint(8, a.rail()),
        Abi.address(a.crawler()),
        Abi.uint256(a.licenseId()),
        Abi.bytes32(a.contentId()),
        Abi.bytes32(a.requestId()),
        uint64(a.units()),
        uint128(a.unitPrice()),
        uint64(a.pairSeq()),
        uint64(a.pairPrevIndex()),
        uint128(a.pairCumulative()),
        Abi.bytes32(a.paymentRef()),
        uint64(a.issuedAtMs()));
  }

  static AbiValue header(EpochHeader h) {
    return Abi.tuple(
        uint64(h.epoch()),
        uint64(h.generation()),
        Abi.bytes32(h.prevHeaderHash()),
        Abi.bytes32(h.configDigest()),
        Abi.bytes32(h.bodyHash()));
  }

  static AbiValue body(EpochBody b) {
    return Abi.tuple(
        uint64(b.logSize()),
        Abi.bytes32(b.logRoot()),
        uint64(b.licenseCount()),
        Abi.bytes32(b.creditRoot()),
        uint64(b.crawlerCount()),
        Abi.bytes32(b.debitRoot()),
        uint128(b.totalCredit()),
        uint128(b.totalDebit()),
        Abi.bytes32(b.rulesHash()),
        Abi.bytes32(b.dataCommitment()),
        uint64(b.closedAt()));
  }

  static AbiValue committed(Committed c) {
    return Abi.tuple(header(c.header()), body(c.body()));
  }

  static AbiValue logProof(LogProof p) {
    return Abi.tuple(attestation(p.leaf()), uint64(p.index()), Abi.bytes32Array(p.path()));
  }

  /** The proof that stands where none is needed: zeros and no path. */
  static AbiValue noLogProof() {
    AbiValue amount = uint128(UsdcAmount.ZERO);
    AbiValue number = uint64(0);
    AbiValue word = Abi.bytes32(Hash.ZERO);
    AbiValue leaf =
        Abi.tuple(
            number,
            number,
            number,
            Abi.uint(8, 0),
            Abi.address(Address.ZERO),
            Abi.uint256(0),
            word,
            word,
            number,
            amount,
            number,
            number,
            amount,
            word,
            number);
    return Abi.tuple(leaf, number, Abi.bytes32Array(List.of()));
  }
}
