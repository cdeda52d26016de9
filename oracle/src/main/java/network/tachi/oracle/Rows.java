package network.tachi.oracle;

import java.math.BigDecimal;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Reads our value types from rows of plain SQL. */
final class Rows {
  private Rows() {}

  static Hash hash(Record row, String column) {
    return Hash.of(row.get(column, byte[].class));
  }

  static Address address(Record row, String column) {
    return Address.of(row.get(column, byte[].class));
  }

  static UsdcAmount amount(Record row, String column) {
    return UsdcAmount.of(row.get(column, BigDecimal.class).toBigIntegerExact());
  }

  static LicenseId license(Record row) {
    return LicenseId.of(number(row, "license_id"));
  }

  static long number(Record row, String column) {
    return row.get(column, Long.class);
  }

  static PairKey pair(Record row) {
    return new PairKey(license(row), address(row, "crawler"));
  }

  static PairLeaf pairLeaf(Record row) {
    return new PairLeaf(
        address(row, "crawler"),
        license(row),
        amount(row, "cumulative"),
        number(row, "last_pair_seq"),
        number(row, "last_log_index"),
        hash(row, "voucher_hash"));
  }

  static @Nullable Signature signature(Record row) {
    byte @Nullable [] bytes = row.get("signature", byte[].class);
    return bytes == null ? null : Signature.fromBytes(bytes);
  }

  /** A row of {@code metering.log_leaf}. */
  static UsageAttestation leaf(Record row) {
    @Nullable Long prevIndex = row.get("pair_prev_index", Long.class);
    return new UsageAttestation(
        number(row, "generation"),
        number(row, "log_index"),
        number(row, "config_version"),
        row.get("rail", Integer.class),
        address(row, "crawler"),
        license(row),
        hash(row, "content_id"),
        hash(row, "request_id"),
        number(row, "units"),
        amount(row, "unit_price"),
        number(row, "pair_seq"),
        prevIndex == null ? WireIds.NONE : prevIndex,
        amount(row, "pair_cumulative"),
        hash(row, "payment_ref"),
        number(row, "issued_at_ms"));
  }
}
