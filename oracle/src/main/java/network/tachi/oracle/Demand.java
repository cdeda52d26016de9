package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.AbiException;
import network.tachi.evm.AbiReader;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * A demand to show something behind a pending header (wire.md section 6). If it is not answered in
 * time the header is void and the bond lost.
 *
 * @param id of the demand
 * @param epoch of the header it is about
 * @param headerHash the header it is about
 * @param subject what is to be shown
 * @param openedAt in seconds since 1970, by the settlement chain
 * @param answerBy the last second in which an answer counts
 */
record Demand(Hash id, long epoch, Hash headerHash, Subject subject, long openedAt, long answerBy) {
  Demand {
    requireNonNull(id, "id is null");
    requireNonNull(headerHash, "headerHash is null");
    requireNonNull(subject, "subject is null");
  }

  /** What is to be shown. */
  sealed interface Subject {
    /** D1: the path of a promised line. */
    record Line(Hash leafHash) implements Subject {}

    /** D2: the line at an index, unsigned. */
    record Reference(long index) implements Subject {}

    /**
     * D4: a leaf of a settlement tree.
     *
     * @param pairIndex unsigned; the party alone is asked for if it has no pair there
     */
    record Node(boolean debit, long partyIndex, long pairIndex) implements Subject {}

    /** C9: the voucher by which a pair or a line was billed so much in total. */
    record Voucher(Address crawler, LicenseId licenseId, Hash voucherHash, UsdcAmount cumulative)
        implements Subject {}

    /** Something that this version does not know. */
    record Unknown(int kind) implements Subject {}

    /** Reads the subject of a {@code DemandOpened} event. */
    static Subject of(int kind, Bytes words) {
      AbiReader reader = AbiReader.of(words);
      try {
        return switch (kind) {
          case 1 -> new Line(reader.word(0));
          case 2 -> new Reference(reader.uint64(0));
          case 4 -> new Node(reader.bool(0), reader.uint64(1), reader.uint64(2));
          case 9 ->
              new Voucher(reader.address(0), reader.license(1), reader.word(2), reader.amount(3));
          default -> new Unknown(kind);
        };
      } catch (AbiException _) {
        return new Unknown(kind);
      }
    }
  }

  /** Names it for people. */
  String describe() {
    return "demand " + id + " for " + subject;
  }
}
