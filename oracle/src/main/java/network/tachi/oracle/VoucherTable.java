package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import org.jooq.DSLContext;

/** Finds the vouchers that lines name, inside the caller's transaction. */
final class VoucherTable {
  private final ChainId chain;

  /**
   * Reads vouchers.
   *
   * @param chain of their signers
   */
  VoucherTable(ChainId chain) {
    this.chain = requireNonNull(chain, "chain is null");
  }

  /** A voucher with one of its signatures. */
  record Signed(CrawlVoucher voucher, Signature signature) {}

  /**
   * The voucher with a digest. Of several signatures under it the one whose signer was valid at a
   * time, in seconds since 1970: the crawler's own before all others.
   */
  Optional<Signed> find(DSLContext tx, Hash digest, long at) {
    return tx.fetchOptional(
            """
            SELECT v.crawler, v.license_id, v.cumulative_max, v.terms_hash, v.signature
            FROM metering.voucher v
            LEFT JOIN chain.crawler_signer_current s
              ON s.chain_id = ? AND s.crawler = v.crawler AND s.signer = v.signer
            WHERE v.voucher_hash = ?
            ORDER BY v.signer = v.crawler DESC,
              coalesce(s.valid_from <= ? AND least(s.expiry, s.revoked_at) > ?, false) DESC
            LIMIT 1
            """,
            chain.value(),
            digest.toBytes(),
            at,
            at)
        .map(row ->
            new Signed(
                new CrawlVoucher(
                    Rows.address(row, "crawler"),
                    Rows.license(row),
                    Rows.amount(row, "cumulative_max"),
                    Rows.hash(row, "terms_hash")),
                requireNonNull(Rows.signature(row))));
  }
}
